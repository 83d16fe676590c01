package dev.quotary.e2e;

import dev.quotary.client.Call;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.UnsentOptions;
import dev.quotary.client.Usage;
import java.net.URI;
import java.nio.file.Path;

/** Records without waiting until it is killed, and says which usages were taken. */
final class ClientSdkRecorder {
    private ClientSdkRecorder() {}

    public static void main(String[] arguments) {
        var client = QuotaryClient.builder(URI.create(arguments[0]), arguments[1])
                .unsent(UnsentOptions.in(Path.of(arguments[2])))
                .build();
        for (int i = 0; ; i++) {
            var id = "killed-" + i;
            if (client.recordLater(Call.of().id(id).subject("ada"), Usage.of("export", 1))) {
                System.out.println(id);
            }
        }
    }
}
