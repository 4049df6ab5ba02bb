package nnc.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Learning-rate schedules against their formulas. */
class SchedulesTest {
  /** A schedule, and what it is at step k, counted from 1. */
  record Schedule(String expression, IntToDoubleFunction expected) {
    @Override
    public String toString() {
      return expression;
    }
  }

  static final List<Schedule> SCHEDULES =
      List.of(
          new Schedule(
              "step_decay(k, 30)", k -> k <= 30 ? 1 : k <= 60 ? 0.1 : k <= 90 ? 0.01 : 1e-3),
          new Schedule("step_decay(k, 40, factor = 0.5)", k -> k <= 40 ? 1 : k <= 80 ? 0.5 : 0.25),
          new Schedule("exponential_decay(k, 0.95)", k -> Math.pow(0.95, k - 1)),
          new Schedule("cosine_decay(k, 120)", k -> 0.5 + 0.5 * Math.cos(Math.PI * (k - 1) / 120)),
          new Schedule(
              "cosine_decay(k, 50, least = 0.2)",
              k -> k > 50 ? 0.2 : 0.2 + 0.4 * (1 + Math.cos(Math.PI * (k - 1) / 50))),
          new Schedule("warm_up(k, 40)", k -> k < 40 ? k / 40.0 : 1),
          new Schedule(
              "transformer_rate(k, 512, 60)",
              k -> k < 60 ? k / (Math.sqrt(512) * 60 * Math.sqrt(60)) : 1 / Math.sqrt(512.0 * k)),
          new Schedule(
              "transformer_rate(k, 512)", k -> k / (Math.sqrt(512) * 4000 * Math.sqrt(4000))));

  @ParameterizedTest
  @FieldSource("SCHEDULES")
  void aScheduleIsItsFormula(Schedule schedule) {
    Equation equation = new Equation("input k: f32[1]", schedule.expression());
    for (int k : new int[] {1, 2, 29, 30, 31, 40, 41, 59, 60, 61, 80, 81, 100}) {
      assertThat(equation.value(Map.of("k", new double[] {k})))
          .as("k = %d", k)
          .containsExactly(new double[] {schedule.expected().applyAsDouble(k)}, within(1e-12));
    }
  }
}
