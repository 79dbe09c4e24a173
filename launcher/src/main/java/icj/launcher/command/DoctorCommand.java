package icj.launcher.command;

import icj.launcher.ExitCode;
import icj.launcher.doctor.Finding;
import icj.launcher.doctor.Machine;
import icj.launcher.doctor.MachineChecks;
import icj.launcher.doctor.NetworkChecks;
import icj.launcher.doctor.PlaceChecks;
import icj.launcher.network.Json;
import icj.launcher.network.NetworkDirectory;

import picocli.CommandLine.Command;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `ic doctor`: what might keep a network from running.
@Command(
        name = "doctor",
        description = {
            "Looks for what keeps networks from running, each finding with its remedy.",
            "Java, memory, limits, clock, disk, folders; the network's files, processes and ports."
                    + " Exit code 1 when something must be mended, 0 with warnings only."
        },
        footer = {"ic doctor", "ic doctor --network test --json"})
final class DoctorCommand extends NetworkCommand {
    @Override
    public Integer call() {
        NetworkDirectory directory = ic().directory();
        Machine machine = Machine.here();
        List<Finding> findings = new ArrayList<>(MachineChecks.of(machine));
        findings.addAll(PlaceChecks.of(directory.root(), ic().locations()));
        findings.addAll(NetworkChecks.of(directory, machine.clock()));
        Finding.Verdict worst = Finding.Verdict.OK;
        for (Finding finding : findings) {
            worst = finding.verdict().compareTo(worst) > 0 ? finding.verdict() : worst;
            tell(finding);
        }
        ic().print(json(findings, worst));
        ic().progress(
                        switch (worst) {
                            case OK -> "All is well.";
                            case WARNING -> "Networks can run; mind the warnings.";
                            case FAILURE -> "Something must be mended first.";
                        });
        return (worst == Finding.Verdict.FAILURE ? ExitCode.FAILURE : ExitCode.OK).number();
    }

    private void tell(Finding finding) {
        Terminal.Style style =
                switch (finding.verdict()) {
                    case OK -> Terminal.Style.GREEN;
                    case WARNING -> Terminal.Style.YELLOW;
                    case FAILURE -> Terminal.Style.RED;
                };
        String verdict = String.format(Locale.ROOT, "%-7s", finding.verdict().word());
        ic().say(
                        ic().terminal().out(style, verdict)
                                + String.format(
                                        Locale.ROOT,
                                        "  %-15s  %s",
                                        finding.name(),
                                        finding.found()));
        if (!finding.remedy().isEmpty()) {
            ic().say(" ".repeat(26) + ic().spoken(finding.remedy()));
        }
    }

    private static ObjectNode json(List<Finding> findings, Finding.Verdict worst) {
        ObjectNode object = Json.object();
        object.put("verdict", worst.word());
        ArrayNode checks = object.putArray("checks");
        for (Finding finding : findings) {
            ObjectNode item = checks.addObject();
            item.put("name", finding.name());
            item.put("verdict", finding.verdict().word());
            item.put("found", finding.found());
            item.put("remedy", finding.remedy());
        }
        return object;
    }
}
