package icj.execution.wasm;

import icj.types.Blob;

/// A custom section `icp:public name` or `icp:private name`: canister metadata.
///
/// @param name without the prefix
/// @param isPublic whether anyone may read it
public record CustomSection(String name, boolean isPublic, Blob content) {}
