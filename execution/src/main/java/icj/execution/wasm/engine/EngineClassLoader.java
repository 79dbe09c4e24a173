package icj.execution.wasm.engine;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Defines the classes of one module as they are needed. It goes, with its classes, when nothing
/// holds the module any more.
final class EngineClassLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> files;

    private EngineClassLoader(Map<String, byte[]> files) {
        super("canister", EngineClassLoader.class.getClassLoader());
        this.files = new TreeMap<>(files);
    }

    /// What makes machines of a compiled module.
    static Function<Instance, Machine> machines(CompiledModule module) {
        EngineClassLoader loader = new EngineClassLoader(module.classes());
        try {
            Class<?> main = loader.loadClass(module.mainClass());
            MethodHandle constructor =
                    MethodHandles.publicLookup()
                            .findConstructor(
                                    main, MethodType.methodType(void.class, Instance.class))
                            .asType(MethodType.methodType(Machine.class, Instance.class));
            return instance -> {
                try {
                    return (Machine) constructor.invokeExact(instance);
                } catch (RuntimeException | Error e) {
                    throw e;
                } catch (Throwable e) {
                    throw Traps.violation("Making a machine throws nothing checked", e);
                }
            };
        } catch (ReflectiveOperationException | LinkageError e) {
            throw Traps.violation("Compiled classes can be loaded: " + e, e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] file;
        synchronized (files) {
            file = files.remove(name);
        }
        if (file == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, file, 0, file.length);
    }
}
