package dev.quotary.provider.openai.images;

import dev.quotary.provider.RequestReading;
import dev.quotary.provider.form.Form;
import dev.quotary.provider.form.FormFields;
import dev.quotary.provider.form.Part;
import dev.quotary.provider.json.RequestMembers;
import dev.quotary.provider.openai.FormModel;
import dev.quotary.provider.openai.OpenAiFormat;
import dev.quotary.provider.openai.SplicedRequest;
import java.util.NavigableSet;

/** Reads one request for images that came as a form. */
final class ImageFormReader {
    private static final NavigableSet<String> READ =
            RequestMembers.names(FormModel.FIELD, "n", "stream", "partial_images", "user");

    private ImageFormReader() {}

    /** Clients that stream a file may not name it. */
    private static boolean image(Part part) {
        return part.file() || part.name().startsWith("image") || part.name().equals("mask");
    }

    static RequestReading read(SplicedRequest.Body source, OpenAiFormat format) {
        var form = Form.read(source.head().header("content-type"), source.bytes());
        var fields = new FormFields(form, READ);
        var model = FormModel.read(fields);
        boolean stream = fields.flag("stream");
        int made = (int) fields.number("n", 1, ImageRequest.MADE_MAX).orElse(1);
        int partial = (int)
                fields.number("partial_images", 0, ImageRequest.PARTIAL_MAX).orElse(0);
        var user = fields.text("user", SplicedRequest.USER_LENGTH_MAX);
        int files =
                (int) fields.others().stream().filter(ImageFormReader::image).count();
        long text = fields.others().stream()
                .filter(part -> !image(part))
                .mapToLong(Part::length)
                .sum();
        var asked = new ImageRequest(model.name(), text, files, made, stream, stream ? partial : 0, user);
        asked.rejected().ifPresent(fields::reject);
        return model.parsed(fields, source, format, asked::facts);
    }
}
