package icj.execution.wasm.binary;

import icj.execution.wasm.CustomSection;
import icj.execution.wasm.InvalidModuleException;
import icj.types.Blob;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The custom sections of a module that mean something: those of the interface (`icp:public` and
/// `icp:private`), which have limits, and the names of functions.
final class CustomSections {
    private final List<CustomSection> sections = new ArrayList<>();
    private SortedMap<Integer, String> functionNames = new TreeMap<>();

    /// Those of the interface, in their order.
    List<CustomSection> sections() {
        return List.copyOf(sections);
    }

    /// By index, where the module tells them.
    SortedMap<Integer, String> functionNames() {
        return functionNames;
    }

    /// Takes the next one.
    void take(WasmReader reader) throws InvalidModuleException {
        String name = reader.name();
        if (name.equals("name")) {
            functionNames = names(reader);
            return;
        }
        if (!name.startsWith("icp:")) {
            return;
        }
        boolean isPublic = name.startsWith("icp:public ");
        if (!isPublic && !name.startsWith("icp:private ")) {
            throw new InvalidModuleException(
                    "Custom section '"
                            + name
                            + "' must be 'icp:public <name>' or 'icp:private"
                            + " <name>'");
        }
        String shortName = name.substring(name.indexOf(' ') + 1);
        for (CustomSection section : sections) {
            if (section.name().equals(shortName)) {
                throw new InvalidModuleException(
                        "Two custom sections are named '" + shortName + "'");
            }
        }
        byte[] content = Arrays.copyOfRange(reader.bytes(), reader.at(), reader.end());
        sections.add(new CustomSection(shortName, isPublic, Blob.owning(content)));
        long total = 0;
        for (CustomSection section : sections) {
            total += section.content().length();
            total += section.name().getBytes(StandardCharsets.UTF_8).length;
        }
        if (sections.size() > ModuleLimits.ICP_SECTIONS_MAX
                || total > ModuleLimits.ICP_SECTIONS_BYTES_MAX) {
            throw new InvalidModuleException(
                    "The 'icp:' custom sections are more than "
                            + ModuleLimits.ICP_SECTIONS_MAX
                            + " or larger than "
                            + ModuleLimits.ICP_SECTIONS_BYTES_MAX
                            + " bytes together");
        }
    }

    /// The function names of a name section. They serve messages only, so that a damaged section is
    /// no error.
    private static SortedMap<Integer, String> names(WasmReader reader) {
        SortedMap<Integer, String> names = new TreeMap<>();
        try {
            while (!reader.atEnd()) {
                int id = reader.u8();
                WasmReader part = reader.part(reader.u32());
                if (id != 1) {
                    continue;
                }
                int count = part.u32();
                for (int i = 0; i < count && names.size() < ModuleLimits.FUNCTIONS_MAX; i++) {
                    int index = part.u32();
                    String name = part.name();
                    names.put(index, name.length() > 100 ? name.substring(0, 100) : name);
                }
            }
        } catch (InvalidModuleException e) {
            return names;
        }
        return names;
    }
}
