package dev.quotary.server.command;

import java.util.List;

/**
 * Somebody of the demo, and how much it uses.
 *
 * @param weight records on an average weekday
 * @param models that it likes, the first most; by provider and name
 */
record DemoUser(String key, int weight, List<Model> models) {
    /**
     * A model as records name it.
     *
     * @param tokens that a typical call sends
     * @param millis that a typical call takes
     */
    record Model(String provider, String name, int tokens, int millis) {}

    private static final Model SONNET = new Model("anthropic", "claude-sonnet-4-6", 4_200, 3_400);
    private static final Model OPUS = new Model("anthropic", "claude-opus-4-6", 5_200, 5_900);
    private static final Model HAIKU = new Model("anthropic", "claude-haiku-4-5", 2_600, 1_300);
    private static final Model SOL = new Model("openai", "gpt-5.6-sol", 3_800, 4_100);
    private static final Model LUNA = new Model("openai", "gpt-5.6-luna", 2_900, 1_100);
    private static final Model FLASH = new Model("gemini", "gemini-2.5-flash", 3_100, 900);
    private static final Model GROK = new Model("xai", "grok-4.5", 3_300, 2_600);

    /** Whose limit is nearly used up. */
    static final String NEARLY_OUT = "maya";
    /** Who is beyond its limit. */
    static final String OUT = "yuki";
    /** Who is blocked. */
    static final String BLOCKED = "mallory";
    /** What runs at night, and ran wild once. */
    static final String BATCH = "nightly-reports";

    /** Whose key is printed. */
    static final String READER = "ada";

    static final List<DemoUser> ALL = List.of(
            new DemoUser("deshawn", 26, List.of(SONNET, OPUS, SOL)),
            new DemoUser(NEARLY_OUT, 22, List.of(SOL, SONNET, LUNA)),
            new DemoUser(OUT, 17, List.of(OPUS, SONNET, FLASH)),
            new DemoUser(BATCH, 16, List.of(HAIKU, FLASH, LUNA)),
            new DemoUser("priya", 13, List.of(SONNET, SOL, GROK)),
            new DemoUser("ingrid", 11, List.of(SOL, FLASH, HAIKU)),
            new DemoUser("bob", 9, List.of(LUNA, SOL, HAIKU)),
            new DemoUser("carol", 8, List.of(FLASH, GROK, SONNET)),
            new DemoUser("samuel", 7, List.of(HAIKU, SONNET, FLASH)),
            new DemoUser("chloe", 6, List.of(SOL, LUNA, GROK)),
            new DemoUser("dave", 3, List.of(LUNA, FLASH, HAIKU)),
            new DemoUser("erin", 2, List.of(FLASH, LUNA, HAIKU)),
            new DemoUser(BLOCKED, 2, List.of(GROK, LUNA, FLASH)),
            new DemoUser(READER, 1, List.of(LUNA, HAIKU, FLASH)));
}
