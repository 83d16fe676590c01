package dev.quotary.gateway.upstream;

/** Told what happens on the way to one provider. Safe for many threads, none of which waits. */
public interface UpstreamObserver {
    /** Nobody is told. */
    UpstreamObserver NONE = new UpstreamObserver() {
        @Override
        public void keyRests(int status) {}

        @Override
        public void breakerOpened() {}

        @Override
        public void repeated(String why) {}

        @Override
        public void fellBack(String why) {}
    };

    /** A key is left alone for a while, as the provider answered it with this status. */
    void keyRests(int status);

    /** An address is left alone for a while. */
    void breakerOpened();

    /**
     * A call is sent once more.
     *
     * @param why a word of ours, such as {@code http_503}
     */
    void repeated(String why);

    /**
     * A call goes to another provider or model.
     *
     * @param why a word of ours
     */
    void fellBack(String why);
}
