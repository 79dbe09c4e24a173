package icj.wire.cbor;

import icj.types.Blob;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A value of the part of CBOR that the interface uses: no floats, no negative numbers, map keys
/// are texts.
public sealed interface CborValue {
    /// What this is called in messages, as "a byte string".
    String kind();

    /// A number of 0 and up.
    record Nat(BigInteger value) implements CborValue {
        /// @throws IllegalArgumentException below zero
        public Nat {
            if (value.signum() < 0) {
                throw new IllegalArgumentException(value + " is below zero");
            }
        }

        /// A number of 0 to 2^64 - 1, given as its 64 bits.
        public static Nat of(long unsigned) {
            return new Nat(new BigInteger(Long.toUnsignedString(unsigned)));
        }

        @Override
        public String kind() {
            return "a number";
        }
    }

    /// Bytes.
    record Bytes(Blob value) implements CborValue {
        @Override
        public String kind() {
            return "a byte string";
        }
    }

    /// Text, without lone surrogates.
    record Text(String value) implements CborValue {
        @Override
        public String kind() {
            return "a text";
        }
    }

    /// A list.
    record Array(List<CborValue> elements) implements CborValue {
        /// Copies the list.
        public Array {
            elements = List.copyOf(elements);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /// A map with text keys, in the order in which they were written.
    record Dictionary(Map<String, CborValue> entries) implements CborValue {
        /// Copies the map and keeps its order.
        public Dictionary {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /// The value of a key, or null.
        public @Nullable CborValue get(String key) {
            return entries.get(key);
        }

        /// Collects entries in order.
        public static Builder builder() {
            return new Builder();
        }

        @Override
        public String kind() {
            return "a map";
        }
    }

    /// A truth value.
    record Bool(boolean value) implements CborValue {
        @Override
        public String kind() {
            return "a truth value";
        }
    }

    /// Null.
    record Null() implements CborValue {
        @Override
        public String kind() {
            return "null";
        }
    }

    /// Collects the entries of a [Dictionary]. Methods return this builder.
    final class Builder {
        private final Map<String, CborValue> entries = new LinkedHashMap<>();

        private Builder() {}

        /// An entry of any kind.
        public Builder put(String key, CborValue value) {
            if (entries.put(key, value) != null) {
                throw new IllegalArgumentException("The key " + key + " was set before");
            }
            return this;
        }

        /// An entry with bytes.
        public Builder bytes(String key, Blob value) {
            return put(key, new Bytes(value));
        }

        /// An entry with text.
        public Builder text(String key, String value) {
            return put(key, new Text(value));
        }

        /// An entry with a number of 0 to 2^64 - 1, given as its 64 bits.
        public Builder nat(String key, long value) {
            return put(key, Nat.of(value));
        }

        /// The map.
        public Dictionary build() {
            return new Dictionary(entries);
        }
    }
}
