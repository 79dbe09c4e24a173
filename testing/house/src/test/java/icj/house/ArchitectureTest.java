package icj.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/// The dependency rules and the bans of replicated code, on the class files of all modules.
final class ArchitectureTest {
    private static final Path ROOT = Path.of(System.getProperty("icj.root"));

    private static final List<String> MODULES =
            List.of(
                    "candid",
                    "types",
                    "crypto",
                    "state",
                    "consensus",
                    "execution",
                    "agent",
                    "replica",
                    "launcher");

    /// The packages of a module and what they may import of ours.
    private static final Map<String, List<String>> ALLOWED = new TreeMap<>();

    static {
        ALLOWED.put("icj.candid..", List.of());
        ALLOWED.put("icj.types..", List.of("icj.candid..", "icj.wire.."));
        ALLOWED.put("icj.wire..", List.of("icj.candid..", "icj.types.."));
        List<String> words = List.of("icj.candid..", "icj.types..", "icj.wire..");
        ALLOWED.put("icj.crypto..", words);
        ALLOWED.put("icj.state..", with(words, "icj.crypto.."));
        ALLOWED.put("icj.consensus..", with(words, "icj.crypto.."));
        ALLOWED.put(
                "icj.execution..",
                with(words, "icj.crypto..", "icj.state.model..", "icj.state.tree.."));
        ALLOWED.put("icj.agent..", with(words, "icj.crypto.."));
        ALLOWED.put(
                "icj.replica..",
                with(words, "icj.crypto..", "icj.state..", "icj.consensus..", "icj.execution.."));
        ALLOWED.put("icj.launcher..", with(words, "icj.crypto..", "icj.agent.."));
    }

    /// Where IO, threads, clocks, dice and salted collections have no place.
    private static final String[] PURE = {
        "icj.candid..",
        "icj.types..",
        "icj.wire..",
        "icj.consensus..",
        "icj.state.model..",
        "icj.state.tree..",
        "icj.execution",
        "icj.execution.canister..",
        "icj.execution.system..",
        "icj.execution.routing..",
        "icj.execution.ingress..",
        "icj.crypto",
        "icj.crypto.bls..",
        "icj.crypto.certificate..",
        "icj.crypto.ingress..",
    };

    /// Each heavy library and the only packages that see it.
    private static final Map<String, String[]> LIBRARIES =
            new TreeMap<>(
                    Map.of(
                            "io.netty..", new String[] {"icj.replica.."},
                            "org.rocksdb..", new String[] {"icj.state.store.."},
                            "com.dylibso.chicory..", new String[] {"icj.execution.wasm.."},
                            "org.objectweb.asm..", new String[] {"icj.execution.wasm.."},
                            "picocli..", new String[] {"icj.launcher..", "icj.replica.."},
                            "org.bouncycastle..", new String[] {"icj.crypto.."}));

    private static JavaClasses classes;

    @BeforeAll
    static void readClassFiles() {
        List<Path> folders = new ArrayList<>();
        for (String module : MODULES) {
            Path folder = ROOT.resolve(module).resolve("target/classes");
            assertTrue(Files.isDirectory(folder), folder + " is missing: build the module first");
            folders.add(folder);
        }
        classes = new ClassFileImporter().importPaths(folders);
    }

    @Test
    void modulesImportOnlyWhatTheirRowAllows() {
        for (Map.Entry<String, List<String>> row : ALLOWED.entrySet()) {
            List<String> may = new ArrayList<>(row.getValue());
            may.add(row.getKey());
            check(
                    noClasses()
                            .that()
                            .resideInAPackage(row.getKey())
                            .should()
                            .dependOnClassesThat(
                                    JavaClass.Predicates.resideInAPackage("icj..")
                                            .and(
                                                    DescribedPredicate.not(
                                                            JavaClass.Predicates.resideInAnyPackage(
                                                                    may.toArray(String[]::new))))));
        }
    }

    @Test
    void packagesOfAModuleFormNoCycle() {
        for (String module :
                List.of("crypto", "state", "consensus", "execution", "replica", "launcher")) {
            check(
                    slices().matching("icj." + module + ".(*)..")
                            .should()
                            .beFreeOfCycles()
                            .allowEmptyShould(true));
        }
    }

    @Test
    void eachHeavyLibraryHasOneHome() {
        LIBRARIES.forEach((library, homes) ->
                check(
                        noClasses()
                                .that()
                                .resideOutsideOfPackages(homes)
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(library)));
    }

    @Test
    void replicatedCodeDoesNoIo() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(PURE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.net..",
                                "java.nio.file..",
                                "java.nio.channels..",
                                "java.util.concurrent",
                                "java.util.logging..",
                                "org.slf4j.."));
    }

    @Test
    void replicatedCodeReadsNoClockAndNoDice() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(PURE)
                        .should()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .callMethod(UUID.class, "randomUUID")
                        .orShould()
                        .callMethod(Math.class, "random")
                        .orShould()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName(Random.class.getName())
                        .orShould()
                        .dependOnClassesThat()
                        .areAssignableTo(Thread.class)
                        .orShould()
                        .dependOnClassesThat()
                        .areAssignableTo(ThreadLocal.class));
    }

    @Test
    void replicatedCodeUsesNoCollectionOfUnstableOrder() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(PURE)
                        .and()
                        .doNotHaveFullyQualifiedName("icj.types.Lookup")
                        .should()
                        .callMethodWhere(new SaltedCollection())
                        .orShould()
                        .callConstructor(java.util.HashMap.class)
                        .orShould()
                        .callConstructor(java.util.HashMap.class, int.class)
                        .orShould()
                        .callConstructor(java.util.HashSet.class)
                        .orShould()
                        .callConstructor(java.util.HashSet.class, java.util.Collection.class)
                        .orShould()
                        .callConstructor(java.util.IdentityHashMap.class));
    }

    @Test
    void messagesAreRecordsOrInterfaces() {
        for (String message :
                List.of(
                        "icj.types.artifact.Artifact",
                        "icj.consensus.Input",
                        "icj.consensus.Effect")) {
            check(
                    ArchRuleDefinition.classes()
                            .that()
                            .areAssignableTo(message)
                            .should(new BeRecordOrInterface()));
        }
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }

    private static List<String> with(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    /// `Set.of` and its like iterate in an order that differs from one JVM to the next.
    private static final class SaltedCollection extends DescribedPredicate<JavaMethodCall> {
        SaltedCollection() {
            super("a collection whose order differs between JVMs");
        }

        @Override
        public boolean test(JavaMethodCall call) {
            String owner = call.getTargetOwner().getName();
            String name = call.getName();
            boolean salted =
                    (owner.equals("java.util.Set") || owner.equals("java.util.Map"))
                            && (name.equals("of")
                                    || name.equals("copyOf")
                                    || name.equals("ofEntries"));
            return salted || name.equals("parallelStream");
        }
    }

    private static final class BeRecordOrInterface extends ArchCondition<JavaClass> {
        BeRecordOrInterface() {
            super("be a record or an interface");
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            if (!type.isRecord() && !type.isInterface()) {
                events.add(SimpleConditionEvent.violated(type, type.getName() + " is neither"));
            }
        }
    }
}
