package icj.execution.wasm.engine;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// A table of functions of its own instance (or of nulls), with unsigned indices and our traps. The
/// engine's class changes the module's limits when it grows, which other instances share, so that
/// nothing of it is used but its type.
final class EngineTable extends TableInstance {
    /// The engine's null reference.
    static final int NULL = -1;

    private final long max;
    private final TableLimits limits;
    private int[] references;
    private int size;

    /// @param references its elements; shared with other instances unless something changes them
    EngineTable(Table table, int[] references, long max) {
        super(new Table(table.elementType(), new TableLimits(0)), NULL);
        this.max = max;
        this.limits = new TableLimits(references.length, max);
        this.size = references.length;
        this.references = references;
    }

    @Override
    public TableLimits limits() {
        return limits;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int ref(int index) {
        if (index < 0 || index >= size) {
            throw Traps.trap(Traps.UNDEFINED_ELEMENT);
        }
        return references[index];
    }

    @Override
    public int requiredRef(int index) {
        int reference = ref(index);
        if (reference == NULL) {
            throw Traps.trap(Traps.UNINITIALIZED_ELEMENT);
        }
        return reference;
    }

    /// Only [TableInstructions] change tables.
    @Override
    public void setRef(int index, int value, @Nullable Instance instance) {
        throw new UnsupportedOperationException("The engine has no elements to put into tables");
    }

    /// No element belongs to another instance.
    @Override
    @SuppressWarnings("NullAway") // The engine takes null for "this instance".
    public Instance instance(int index) {
        return null;
    }

    /// Traps unless so many elements from an index on lie in the table; both are unsigned.
    void check(long index, long count) {
        if (Long.compareUnsigned(count, size) > 0
                || Long.compareUnsigned(index, size - count) > 0) {
            throw Traps.trap(Traps.TABLE_OUT_OF_BOUNDS);
        }
    }

    int get(long index) {
        check(index, 1);
        return references[(int) index];
    }

    void set(long index, int value) {
        check(index, 1);
        references[(int) index] = value;
    }

    /// Whether it may have so many more elements, as far as its own maximum goes; unsigned.
    boolean mayGrow(long count) {
        return Long.compareUnsigned(count, max) <= 0 && size + count <= max;
    }

    /// Only if it may.
    long grow(int value, long count) {
        int old = size;
        int wanted = (int) (old + count);
        if (wanted > references.length) {
            references = Arrays.copyOf(references, (int) Math.min(max, Math.max(wanted, old * 2L)));
        }
        Arrays.fill(references, old, wanted, value);
        size = wanted;
        return old;
    }

    void fill(long index, int value, long count) {
        check(index, count);
        Arrays.fill(references, (int) index, (int) (index + count), value);
    }

    void copy(long to, EngineTable source, long from, long count) {
        source.check(from, count);
        check(to, count);
        System.arraycopy(source.references, (int) from, references, (int) to, (int) count);
    }

    void init(long to, int[] functions, long from, long count) {
        if (from + count > functions.length) {
            throw Traps.trap(Traps.TABLE_OUT_OF_BOUNDS);
        }
        check(to, count);
        System.arraycopy(functions, (int) from, references, (int) to, (int) count);
    }
}
