package dev.quotary.provider.gemini;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path that names a model and a method, such as {@code /v1beta/models/gemini-3.5-flash:generateContent}.
 *
 * <p>Only plain characters are taken: what is percent-encoded, or leaves its directory, the provider might read in another way than we do.
 *
 * @param base everything before the kind of model, such as {@code /v1beta/}
 * @param model as it is named in prices and limits: of Google's own models the bare name, of others with what stands before it
 */
record GeminiPath(String base, String model, String method) {
    static final int MODEL_LENGTH_MAX = 256;

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,255}";
    private static final String SEGMENT = "[A-Za-z0-9][A-Za-z0-9._:-]{0,255}";
    private static final String TUNED = "tunedModels/";

    /** The Gemini API, then Vertex AI. */
    private static final String BASE = "/v1(?:|alpha|beta)/|/v1(?:|beta1)/(?:projects/" + SEGMENT + "/locations/"
            + SEGMENT + "/)?publishers/google/";

    private static final Pattern CALL =
            Pattern.compile("(" + BASE + ")((?:models|tunedModels)/)(" + NAME + "):([A-Za-z]{1,64})");
    private static final Pattern MODELS = Pattern.compile("(?:" + BASE + ")models(?:/" + NAME + ")?");
    private static final Pattern MODEL = Pattern.compile("(?:" + TUNED + ")?" + NAME);

    static Optional<GeminiPath> of(String path) {
        Matcher call = CALL.matcher(path);
        if (!call.matches()) {
            return Optional.empty();
        }
        String kind = call.group(2).equals(TUNED) ? TUNED : "";
        return Optional.of(new GeminiPath(call.group(1), kind + call.group(3), call.group(4)));
    }

    /** Whether a path is the list of models, or one of its entries. */
    static boolean listsModels(String path) {
        return MODELS.matcher(path).matches();
    }

    /** The same call of another model; empty if no path can name it. */
    Optional<GeminiPath> withModel(String other) {
        return MODEL.matcher(other).matches() ? Optional.of(new GeminiPath(base, other, method)) : Optional.empty();
    }

    /** The path again. */
    String text() {
        return base + (model.startsWith(TUNED) ? "" : "models/") + model + ":" + method;
    }

    /** Whether a body that repeats the name of the model means the same one. */
    boolean names(String bodyModel) {
        return bodyModel.equals(model) || bodyModel.equals("models/" + model) || bodyModel.endsWith("/models/" + model);
    }
}
