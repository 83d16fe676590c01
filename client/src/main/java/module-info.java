/** The Java SDK of Quotary. */
@org.jspecify.annotations.NullMarked
module dev.quotary.client {
    requires java.net.http;
    requires static org.jspecify;

    exports dev.quotary.client;
}
