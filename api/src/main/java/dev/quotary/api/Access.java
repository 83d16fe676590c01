package dev.quotary.api;

import dev.quotary.api.key.Keys;
import dev.quotary.http.Authentication;

/** Who may call. */
public record Access(Authentication authentication, Keys keys) {}
