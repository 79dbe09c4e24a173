package icj.candid;

import icj.candid.CandidType.Field;
import icj.candid.CandidType.Func;
import icj.candid.CandidType.Method;
import icj.candid.CandidType.Primitive;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Whether values of one type can stand where another is expected (specification of Candid,
/// "Upgrading and Subtyping"). Recursive types are compared by assuming what is to be shown.
final class CandidSubtyping {
    private static final int STEPS_MAX = 100_000;
    private static final int DEPTH_MAX = 300;

    private final Set<Pair> assumed = new LinkedHashSet<>();
    private final List<Pair> order = new ArrayList<>();
    private int steps;

    private CandidSubtyping() {}

    /// Whether `narrow` is a subtype of `wide`.
    ///
    /// @throws CandidException when that takes more than 100,000 steps
    static boolean holds(CandidType narrow, CandidType wide) throws CandidException {
        return new CandidSubtyping().check(narrow, wide, 0);
    }

    private boolean check(CandidType narrow, CandidType wide, int depth) throws CandidException {
        if (++steps > STEPS_MAX || depth > DEPTH_MAX) {
            throw new CandidException("The types are too large to compare");
        }
        if (!(narrow instanceof CandidType.Named) && !(wide instanceof CandidType.Named)) {
            return structure(narrow, wide, depth);
        }
        Pair pair = new Pair(narrow, wide);
        if (!assumed.add(pair)) {
            return true;
        }
        int before = order.size();
        order.add(pair);
        boolean holds = structure(narrow.unfold(), wide.unfold(), depth);
        if (!holds) {
            // What was concluded from a false assumption is forgotten.
            while (order.size() > before) {
                assumed.remove(order.remove(order.size() - 1));
            }
        }
        return holds;
    }

    private boolean structure(CandidType narrow, CandidType wide, int depth)
            throws CandidException {
        if (wide instanceof CandidType.Opt
                || wide == Primitive.RESERVED
                || narrow == Primitive.EMPTY) {
            // Whatever does not fit an option becomes null.
            return true;
        }
        return switch (narrow) {
            case Primitive primitive ->
                    primitive == wide || (primitive == Primitive.NAT && wide == Primitive.INT);
            case CandidType.Vec vec ->
                    wide instanceof CandidType.Vec other
                            && check(vec.inner(), other.inner(), depth + 1);
            case CandidType.Record record ->
                    wide instanceof CandidType.Record other && records(record, other, depth);
            case CandidType.Variant variant ->
                    wide instanceof CandidType.Variant other && variants(variant, other, depth);
            case Func func -> wide instanceof Func other && functions(func, other, depth);
            case CandidType.Service service ->
                    wide == Primitive.PRINCIPAL
                            || (wide instanceof CandidType.Service other
                                    && services(service, other, depth));
            case CandidType.Opt opt -> false;
            case CandidType.Future future -> false;
            case CandidType.Named named -> throw new IllegalStateException("unfolded before");
        };
    }

    private boolean records(CandidType.Record narrow, CandidType.Record wide, int depth)
            throws CandidException {
        for (Field field : wide.fields()) {
            CandidType type = narrow.get(field.label());
            boolean fits =
                    type == null
                            ? field.type().mayBeMissing()
                            : check(type, field.type(), depth + 1);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private boolean variants(CandidType.Variant narrow, CandidType.Variant wide, int depth)
            throws CandidException {
        for (Field field : narrow.fields()) {
            CandidType type = wide.get(field.label());
            if (type == null || !check(field.type(), type, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean functions(Func narrow, Func wide, int depth) throws CandidException {
        return narrow.modes().equals(wide.modes())
                && tuples(wide.arguments(), narrow.arguments(), depth)
                && tuples(narrow.results(), wide.results(), depth);
    }

    private boolean tuples(List<CandidType> narrow, List<CandidType> wide, int depth)
            throws CandidException {
        for (int i = 0; i < wide.size(); i++) {
            boolean fits =
                    i < narrow.size()
                            ? check(narrow.get(i), wide.get(i), depth + 1)
                            : wide.get(i).mayBeMissing();
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private boolean services(CandidType.Service narrow, CandidType.Service wide, int depth)
            throws CandidException {
        for (Method method : wide.methods()) {
            Method own = narrow.get(method.name());
            if (own == null || !check(own.type(), method.type(), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    /// Two types, compared by identity: those that recur are the same objects.
    private static final class Pair {
        private final CandidType narrow;
        private final CandidType wide;

        Pair(CandidType narrow, CandidType wide) {
            this.narrow = narrow;
            this.wide = wide;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // names are compared by identity
        public boolean equals(Object other) {
            return other instanceof Pair pair && pair.narrow == narrow && pair.wide == wide;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(narrow) + System.identityHashCode(wide);
        }
    }
}
