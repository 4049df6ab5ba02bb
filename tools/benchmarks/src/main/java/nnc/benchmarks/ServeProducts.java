package nnc.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import nnc.runtime.Provider;
import nnc.runtime.Team;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Our matrix products, and the machine's peak, as a process that the protocol drives.
 *
 * <p>Argument: the number of threads.
 */
public final class ServeProducts {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Team team;

  /** The product that was asked for last; its operands stay in memory. */
  private @Nullable Product current;

  private Team.Program program = worker -> {};

  ServeProducts(Team team) {
    this.team = team;
  }

  public static void main(String[] arguments) throws IOException {
    int threads = Integer.parseInt(arguments[0]);
    try (Team team = Team.of(threads)) {
      ServeProducts server = new ServeProducts(team);
      Map<String, Object> hello =
          Map.of("peer", "nnc", "mode", "", "vectors", Provider.best().note(), "threads", threads);
      System.out.println(JSON.writeValueAsString(hello));
      BufferedReader requests =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        System.out.println(JSON.writeValueAsString(server.answer(JSON.readTree(line))));
      }
    }
  }

  Map<String, Object> answer(JsonNode request) {
    double seconds = request.path("seconds").doubleValue();
    return switch (request.path("do").stringValue("")) {
      case "product" ->
          Map.of(
              "ms",
              product(
                  JSON.treeToValue(request, Product.class),
                  request.path("calls").intValue(),
                  seconds));
      case "peak" -> Map.of("gflops", Peak.gflops(team, seconds));
      default -> throw new IllegalArgumentException("expected product or peak, found " + request);
    };
  }

  /** Milliseconds of one call each. */
  private double[] product(Product product, int calls, double seconds) {
    if (!product.equals(current)) {
      program = product.program(calls);
      current = product;
    }
    Team.Program runs = program;
    double[] milliseconds = Serve.sample(number -> team.run(runs), 0, seconds);
    return Arrays.stream(milliseconds).map(ms -> ms / calls).toArray();
  }
}
