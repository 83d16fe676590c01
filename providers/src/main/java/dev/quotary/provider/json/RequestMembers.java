package dev.quotary.provider.json;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_FALSE;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;
import static com.fasterxml.jackson.core.JsonToken.VALUE_TRUE;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The members of a request's outermost object, in one pass and without a tree.
 *
 * <p>What is read here decides what is held and which prices apply, so it must be what the provider reads. A known member that occurs
 * twice, or once more in other letters (servers written in Go ignore case), is refused: the provider might take the other one.
 */
public final class RequestMembers {
    private final byte[] body;
    private final RequestCursor cursor;
    private final NavigableSet<String> known;
    private final Set<String> seen = new HashSet<>();
    private int end;

    /** Takes each member at its value, and leaves the cursor at the end of that value. */
    public interface Values {
        void known(String name) throws IOException;

        void other(String name) throws IOException;
    }

    /** Reads one request: its members first and then, if nothing was wrong with them, what they make. */
    public interface Reader {
        void members() throws IOException;

        ProviderRequest request();
    }

    /** @param known as {@link #names} makes them */
    public RequestMembers(RequestCursor cursor, byte[] body, NavigableSet<String> known) {
        this.cursor = cursor;
        this.body = body;
        this.known = known;
    }

    /** Names that are known whatever their letters, so that those in other letters can be told. */
    public static NavigableSet<String> names(String... names) {
        var set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(List.of(names));
        return Collections.unmodifiableNavigableSet(set);
    }

    /** Reads a whole body, whatever is in it. */
    public static RequestReading read(Json json, byte[] body, Function<RequestCursor, Reader> readers) {
        try (JsonParser parser = json.parser(body, 0, body.length)) {
            var cursor = new RequestCursor(parser, body);
            var reader = readers.apply(cursor);
            reader.members();
            Optional<Rejected> rejected = cursor.rejected();
            return rejected.isPresent() ? rejected.get() : new Parsed(reader.request());
        } catch (StreamConstraintsException e) {
            return Rejected.of("The request body is nested deeper than " + Json.DEPTH_MAX
                    + " levels, or has a name or number too long.");
        } catch (IOException e) {
            return Rejected.of("The request body is not valid JSON in UTF-8.");
        }
    }

    /** Walks over all members to the end of the body. */
    public void read(Values values) throws IOException {
        if (cursor.next() != START_OBJECT) {
            cursor.reject(Rejected.of("The request body must be a JSON object."));
            return;
        }
        while (cursor.ok() && cursor.next() == FIELD_NAME) {
            member(cursor.member(), values);
        }
        if (cursor.ok()) {
            end = beforeWhitespace(cursor.offset());
            if (cursor.next() != null) {
                cursor.reject(Rejected.of("The request body must be one JSON object, with nothing after it."));
            }
        }
    }

    private void member(String name, Values values) throws IOException {
        if (!known.contains(name)) {
            values.other(name);
        } else if (!seen.add(name)) {
            cursor.reject(Rejected.of("Duplicate parameter: '" + name + "'.", name));
        } else if (known.floor(name).equals(name)) {
            values.known(name);
        } else {
            cursor.reject(
                    Rejected.of("Unknown parameter: '" + name + "'. Did you mean '" + known.floor(name) + "'?", name));
        }
    }

    /** Where the whitespace begins that ends before this place. */
    private int beforeWhitespace(int offset) {
        int at = offset;
        while (body[at - 1] == ' ' || body[at - 1] == '\n' || body[at - 1] == '\r' || body[at - 1] == '\t') {
            at--;
        }
        return at;
    }

    /** Refuses a request that lacks one of these members. To be called behind {@link #read}. */
    public void require(String... names) {
        for (String name : names) {
            if (cursor.ok() && !seen.contains(name)) {
                cursor.reject(Rejected.of("Missing required parameter: '" + name + "'.", name));
            }
        }
    }

    /** Whether the request has such a known member, be it null. */
    public boolean has(String name) {
        return seen.contains(name);
    }

    /** Where the last member ends: the place for another one. */
    public int end() {
        return end;
    }

    /** The boolean at hand; null is false. */
    public boolean flag(String name) {
        if (!cursor.at(VALUE_TRUE) && !cursor.at(VALUE_FALSE) && !cursor.atNull()) {
            cursor.rejectType(name, "a boolean");
        }
        return cursor.at(VALUE_TRUE);
    }

    /** Refuses the boolean at hand if it is true. */
    public void refuseFlag(String name, String because) {
        if (flag(name)) {
            cursor.reject(Rejected.of("Unsupported parameter: '" + name + "'. " + because, name));
        }
    }

    /** The string at hand; empty for null. */
    public Optional<String> text(String name, int lengthMax) throws IOException {
        if (cursor.atNull()) {
            return Optional.empty();
        }
        if (!cursor.at(VALUE_STRING)) {
            cursor.rejectType(name, "a string");
            return Optional.empty();
        }
        String text = cursor.text();
        if (text.length() > lengthMax) {
            cursor.reject(Rejected.of("Invalid '" + name + "': expected at most " + lengthMax + " characters.", name));
        }
        return Optional.of(text);
    }

    /** The whole number from {@code min} to {@code max} at hand; empty for null. */
    public OptionalLong number(String name, long min, long max) throws IOException {
        if (cursor.atNull()) {
            return OptionalLong.empty();
        }
        Optional<Long> number = cursor.wholeNumber(min, max);
        if (number.isEmpty()) {
            cursor.reject(Rejected.of(
                    "Invalid '" + name + "': expected a whole number from " + min + " to " + max + ".", name));
        }
        return OptionalLong.of(number.orElse(min));
    }
}
