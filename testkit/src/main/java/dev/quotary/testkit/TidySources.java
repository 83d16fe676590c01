package dev.quotary.testkit;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Size budgets and leftover markers, read off the sources of one module by the JDK's own parser.
 *
 * <p>The header of a record is exempt from the parameter budget: a wide row of the ledger is one value with many names.
 */
public final class TidySources {
    private static final int METHOD_LINES_MAX = 60;
    private static final int FILE_LINES_MAX = 500;
    private static final int PARAMETERS_MAX = 5;
    // Written in pieces, or this file would offend itself.
    private static final Pattern MARKER = Pattern.compile("\\b(FIX" + "ME|TO" + "DO)\\b");

    private TidySources() {}

    /** Whether the directory is a module with Java sources. */
    public static boolean hasSources(Path module) {
        return roots(module).findAny().isPresent();
    }

    /**
     * One line for every offence in {@code src/main/java} and {@code src/test/java} of the module; empty if there is none.
     *
     * @throws IOException if a source cannot be read
     */
    public static List<String> offences(Path module) throws IOException {
        var sources = new ArrayList<Path>();
        for (Path root : roots(module).toList()) {
            try (var walk = Files.walk(root)) {
                walk.filter(path -> path.toString().endsWith(".java")).sorted().forEach(sources::add);
            }
        }
        var offences = new ArrayList<String>();
        for (Path source : sources) {
            checkLines(source, offences);
        }
        checkMethods(sources, offences);
        return offences;
    }

    private static Stream<Path> roots(Path module) {
        return Stream.of("src/main/java", "src/test/java").map(module::resolve).filter(Files::isDirectory);
    }

    private static void checkLines(Path source, List<String> offences) throws IOException {
        List<String> lines = Files.readAllLines(source);
        if (lines.size() > FILE_LINES_MAX) {
            offences.add(source + ": " + lines.size() + " lines, at most " + FILE_LINES_MAX);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (MARKER.matcher(lines.get(i)).find()) {
                offences.add(source + ":" + (i + 1) + ": leftover marker");
            }
        }
    }

    private static void checkMethods(List<Path> sources, List<String> offences) throws IOException {
        if (sources.isEmpty()) {
            return; // The compiler refuses an empty list of files.
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            var units = files.getJavaFileObjectsFromPaths(sources);
            var task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, units);
            var positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodBudgets(unit, positions, offences).scan(unit, null);
            }
        }
    }

    private static final class MethodBudgets extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> offences;
        private boolean inRecord;

        MethodBudgets(CompilationUnitTree unit, SourcePositions positions, List<String> offences) {
            this.unit = unit;
            this.positions = positions;
            this.offences = offences;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            boolean outerRecord = inRecord;
            inRecord = type.getKind() == Tree.Kind.RECORD;
            super.visitClass(type, null);
            inRecord = outerRecord;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            long lines = line(positions.getEndPosition(unit, method)) - startLine(method) + 1;
            if (lines > METHOD_LINES_MAX) {
                report(method, lines + " lines, at most " + METHOD_LINES_MAX);
            }
            int parameters = method.getParameters().size();
            if (parameters > PARAMETERS_MAX && !header(method)) {
                report(method, parameters + " parameters, at most " + PARAMETERS_MAX);
            }
            return super.visitMethod(method, null);
        }

        /** The parser gives a compact constructor the components of its record as parameters. */
        private boolean header(MethodTree method) {
            return inRecord && method.getName().contentEquals("<init>");
        }

        private long startLine(MethodTree method) {
            return line(positions.getStartPosition(unit, method));
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }

        private void report(MethodTree method, String what) {
            String file = unit.getSourceFile().getName();
            offences.add(file + ":" + startLine(method) + ": " + method.getName() + " has " + what);
        }
    }
}
