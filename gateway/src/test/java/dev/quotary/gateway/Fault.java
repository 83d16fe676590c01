package dev.quotary.gateway;

/** Where the code that reads a provider's bytes can be made to fail as a bug would make it. */
enum Fault {
    NONE,
    /** As the request is written for the provider: nothing was sent. */
    WRITING,
    /** As the relay of a stream is made: nothing was sent. */
    RELAY,
    FEED,
    FACTS,
    FINISH,
    TEXT,
    TAIL,
    /** As the last error event of a stream is worded. */
    ENDING,
    ANSWER,
    ANSWER_TEXT,
    ESTIMATE
}
