package icj.launcher.bench;

import icj.agent.Agent;
import icj.candid.Principal;
import icj.crypto.KeyFormatException;
import icj.crypto.certificate.CertificateVerifier;
import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.client.Calls;
import icj.launcher.network.Json;
import icj.types.Blob;
import icj.types.CanisterId;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Any endpoint that speaks the interface of the Internet Computer and lets canisters be made out
/// of nothing, as networks for development do: other networks of ICJ, dfx, PocketIC.
public final class OtherEndpoint {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private OtherEndpoint() {}

    /// What `--url`, `--root-key` and `--effective-canister` say.
    ///
    /// @param urls one or more
    /// @param rootKey in hexadecimal digits; null to ask the first endpoint
    /// @param effective a canister id of the subnet; null to ask the first endpoint
    public static Endpoint of(
            List<String> urls, @Nullable String rootKey, @Nullable String effective) {
        List<URI> nodes = new ArrayList<>();
        for (String url : urls) {
            nodes.add(address(url));
        }
        Blob key = rootKey == null ? fetchRootKey(nodes.getFirst()) : readRootKey(rootKey);
        CanisterId canister =
                effective == null ? fetchEffective(nodes.getFirst()) : readCanister(effective);
        return new Endpoint(Integer.toString(nodes.size()), nodes, key, canister, null);
    }

    private static URI address(String url) {
        try {
            URI address = URI.create(url);
            if ("http".equals(address.getScheme()) && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw noAddress(url);
        }
        throw noAddress(url);
    }

    private static Failure noAddress(String url) {
        return new Failure(
                Problem.BENCH_OPTION,
                "\"" + url + "\" is no address as http://127.0.0.1:4943",
                "See: ic bench --help");
    }

    private static Blob fetchRootKey(URI node) {
        try (Agent agent =
                Calls.ask(
                        "Asking " + node + " for its root key",
                        Agent.builder(node).fetchRootKey()::build)) {
            return agent.rootKey();
        }
    }

    private static Blob readRootKey(String hex) {
        try {
            Blob key = Blob.fromHex(hex.strip());
            var _ = CertificateVerifier.of(key);
            return key;
        } catch (IllegalArgumentException | KeyFormatException e) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    "--root-key is no root key in hexadecimal digits: " + e.getMessage(),
                    "ic network root-key prints that of a network of ours");
        }
    }

    private static CanisterId readCanister(String text) {
        try {
            return new CanisterId(Principal.fromText(text));
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    Problem.BENCH_OPTION,
                    "--effective-canister: \"" + text + "\" is no canister id",
                    "Any id that the subnet hosts will do");
        }
    }

    /// As PocketIC tells it; others don't tell.
    private static CanisterId fetchEffective(URI node) {
        HttpRequest request =
                HttpRequest.newBuilder(node.resolve("/_/topology")).timeout(TIMEOUT).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode id =
                    Json.parse(answer.body())
                            .path("default_effective_canister_id")
                            .path("canister_id");
            if (answer.statusCode() == 200 && id.isString()) {
                return new CanisterId(Principal.of(Base64.getDecoder().decode(id.asString())));
            }
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw untold(node);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw untold(node);
        }
        throw untold(node);
    }

    private static Failure untold(URI node) {
        return new Failure(
                Problem.BENCH_OPTION,
                node + " does not tell which subnet makes canisters",
                "Name an id that the subnet hosts: --effective-canister ID"
                        + " (defaultEffectiveCanisterId in network.json)");
    }
}
