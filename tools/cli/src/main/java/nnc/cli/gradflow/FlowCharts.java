package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import nnc.cli.metrics.Charts;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Gradients and sizes from layer to layer, and gradients from step to step: a colour for each time the model was looked at. */
final class FlowCharts {
  private static final int WIDE = 2;

  private FlowCharts() {}

  static List<IChart> of(GradientFlow seen) {
    List<Flow> flows = seen.flows();
    List<IChart> charts = new ArrayList<>();
    List<String> values = seen.shown(flows.getFirst()).stream().map(Flow.Value::name).toList();
    if (!values.isEmpty()) {
      charts.add(
          named(
              "norm of the gradient by each value",
              values,
              lines(flows, flow -> figures(seen.shown(flow), Flow.Value::gradient))));
      charts.add(
          named(
              "size of each value",
              values,
              lines(flows, flow -> figures(seen.shown(flow), Flow.Value::size))));
    }
    charts.add(
        named(
            "norm of the gradient by each parameter",
            flows.getFirst().weights().stream().map(Flow.Weights::path).toList(),
            lines(flows, flow -> figures(flow.weights(), Flow.Weights::gradient))));
    for (int loop = 0; loop < flows.getFirst().loops().size(); loop++) {
      charts.add(through(flows, loop));
    }
    return charts;
  }

  private static <T> double[] figures(List<T> rows, ToDoubleFunction<T> figure) {
    return rows.stream().mapToDouble(figure).toArray();
  }

  private static CategoryChart named(String title, List<String> names, List<Charts.Line> lines) {
    return Charts.named(title, "from the inputs to the loss", names, lines);
  }

  private static XYChart through(List<Flow> flows, int loop) {
    return Charts.chart(
        flows.getFirst().loops().get(loop).name()
            + " through time: what is left of the gradient that the last step receives",
        "steps back",
        place -> place == Math.rint(place) ? String.format(Locale.ROOT, "%.0f", place) : "",
        lines(flows, flow -> flow.loops().get(loop).left()));
  }

  private static List<Charts.Line> lines(List<Flow> flows, Function<Flow, double[]> figures) {
    List<Charts.Line> lines = new ArrayList<>();
    for (Flow flow : flows) {
      double[] values = figures.apply(flow);
      lines.add(
          new Charts.Line(
              "step " + flow.step(),
              Charts.color(lines.size()),
              SeriesMarkers.CIRCLE,
              WIDE,
              IntStream.range(0, values.length)
                  .filter(place -> values[place] > 0) // the axis is logarithmic
                  .mapToObj(place -> new Charts.Point(place, values[place]))
                  .toList()));
    }
    return lines;
  }
}
