package nnc.cli.gradflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import nnc.cli.metrics.Charts;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Gradients and sizes from layer to layer, and gradients from step to step: a line for each time the model was looked at. */
final class FlowCharts {
  private static final int WIDE = 2;
  private static final int STEEP = 45;
  private static final int MOST_LABELS = 60;

  private FlowCharts() {}

  static List<XYChart> of(List<Flow> flows) {
    List<XYChart> charts = new ArrayList<>();
    charts.add(layers("norm of the gradient by each value", flows, Flow.Value::gradient));
    charts.add(layers("size of each value", flows, Flow.Value::size));
    for (int loop = 0; loop < flows.getFirst().loops().size(); loop++) {
      charts.add(through(flows, loop));
    }
    return charts;
  }

  private static XYChart layers(
      String title, List<Flow> flows, Function<Flow.Value, Double> figure) {
    List<Flow.Value> values = flows.getFirst().values();
    XYChart chart =
        Charts.chart(
            title,
            "from the inputs to the loss",
            place -> name(values, place),
            lines(
                flows,
                flow -> flow.values().stream().mapToDouble(figure::apply).toArray()));
    chart.getStyler().setXAxisLabelRotation(STEEP);
    chart.getStyler().setXAxisMaxLabelCount(Math.min(MOST_LABELS, values.size()));
    return chart;
  }

  private static String name(List<Flow.Value> values, double place) {
    return place == Math.rint(place) && place >= 0 && place < values.size()
        ? values.get((int) place).name()
        : "";
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
