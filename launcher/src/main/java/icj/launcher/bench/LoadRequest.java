package icj.launcher.bench;

import icj.types.RequestId;

/// A signed request, ready to be sent.
///
/// @param number what it marks; of queries their place in the list
/// @param id of the request
/// @param body the envelope
record LoadRequest(long number, RequestId id, byte[] body) {}
