package icj.execution.wasm;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the replica knows of a checked module. A value: the compiled code behind it is found by its
/// hash and may be unloaded and loaded again out of [#wasm].
public final class CanisterModule {
    /// Of a module that nobody bound to its bytes yet ([#readFrom]).
    public static final ModuleBytes UNBOUND =
            () -> {
                throw new Invariant.Violation("A module is bound to its bytes before it runs");
            };

    private final Digest hash;
    private final int wasmBytes;
    private final int unpackedBytes;
    private final ModuleBytes wasm;
    private final boolean memory64;
    private final SortedMap<String, MethodKind> methods;
    private final Set<SystemMethod> systemMethods;
    private final List<CustomSection> customSections;
    private final long instructionCount;
    private final long heapInitialPages;

    /// Only the runtime's loader makes one.
    ///
    /// @param wasmBytes the size of the bytes as uploaded
    /// @param unpackedBytes the size of the module in them
    /// @param wasm gives these bytes, whose SHA-256 is `hash`
    /// @param methods exported methods by name, without the kind's prefix
    public CanisterModule(
            Digest hash,
            int wasmBytes,
            int unpackedBytes,
            ModuleBytes wasm,
            boolean memory64,
            SortedMap<String, MethodKind> methods,
            Set<SystemMethod> systemMethods,
            List<CustomSection> customSections,
            long instructionCount,
            long heapInitialPages) {
        this.hash = hash;
        this.wasmBytes = wasmBytes;
        this.unpackedBytes = unpackedBytes;
        this.wasm = wasm;
        this.memory64 = memory64;
        this.methods = Collections.unmodifiableSortedMap(new TreeMap<>(methods));
        EnumSet<SystemMethod> system = EnumSet.noneOf(SystemMethod.class);
        system.addAll(systemMethods);
        this.systemMethods = Collections.unmodifiableSet(system);
        this.customSections = List.copyOf(customSections);
        this.instructionCount = instructionCount;
        this.heapInitialPages = heapInitialPages;
    }

    private CanisterModule(CanisterModule same, ModuleBytes wasm) {
        this.hash = same.hash;
        this.wasmBytes = same.wasmBytes;
        this.unpackedBytes = same.unpackedBytes;
        this.wasm = wasm;
        this.memory64 = same.memory64;
        this.methods = same.methods;
        this.systemMethods = same.systemMethods;
        this.customSections = same.customSections;
        this.instructionCount = same.instructionCount;
        this.heapInitialPages = same.heapInitialPages;
    }

    /// SHA-256 of the bytes as uploaded (gzip not unpacked).
    public Digest moduleHash() {
        return hash;
    }

    /// The same module, its bytes being found at another place.
    public CanisterModule readFrom(ModuleBytes place) {
        return new CanisterModule(this, place);
    }

    /// The size of the bytes as uploaded.
    public int wasmBytes() {
        return wasmBytes;
    }

    /// The size of the module, unpacked if it was packed.
    public int unpackedBytes() {
        return unpackedBytes;
    }

    /// The bytes as uploaded; reads them.
    public Blob wasm() {
        return wasm.read();
    }

    /// Whether the memory is 64-bit.
    public boolean memory64() {
        return memory64;
    }

    /// The kind of the exported method of this name, or null.
    public @Nullable MethodKind method(String name) {
        return methods.get(name);
    }

    /// All exported methods by name.
    public Map<String, MethodKind> methods() {
        return methods;
    }

    /// Whether the module exports this entry point.
    public boolean has(SystemMethod method) {
        return systemMethods.contains(method);
    }

    /// The `icp:` sections in the order of the module.
    public List<CustomSection> customSections() {
        return customSections;
    }

    /// The section of this name, or null.
    public @Nullable CustomSection customSection(String name) {
        for (CustomSection section : customSections) {
            if (section.name().equals(name)) {
                return section;
            }
        }
        return null;
    }

    /// The number of Wasm instructions in the code section: the price of compiling it follows from
    /// it (R-E9).
    public long instructionCount() {
        return instructionCount;
    }

    /// The heap's size when instantiated, in pages of 64 KiB.
    public long heapInitialPages() {
        return heapInitialPages;
    }
}
