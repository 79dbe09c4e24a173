package icj.replica.http;

import icj.types.Blob;

import org.jspecify.annotations.Nullable;

/// One request as the endpoints see it.
///
/// @param method in capital letters
/// @param path without the query string
/// @param contentType null if the header is missing
/// @param relayed whether a node of this network passed it on (R-I1): such a request is not relayed
///   again
/// @param body all of it
/// @param arrivedNanos `System.nanoTime()` when its last byte was read
public record HttpRequestHead(
        String method,
        String path,
        @Nullable String contentType,
        boolean relayed,
        Blob body,
        long arrivedNanos) {}
