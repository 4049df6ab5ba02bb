package nnc.compiler.emit;

import java.util.Arrays;
import java.util.Random;
import nnc.runtime.CompiledModel;
import nnc.runtime.Generation;
import nnc.runtime.Session;
import nnc.runtime.Signature;
import nnc.runtime.Team;

/** All bits that a model computes, in one number: equal numbers mean equal bits. Needs the runtime alone. */
final class ModelDigest {
  private static final int STEPS = 2;

  private ModelDigest() {}

  /** Prints the digest of each of these classes, a line each. */
  public static void main(String[] classes) throws ReflectiveOperationException {
    for (String name : classes) {
      CompiledModel model =
          (CompiledModel) Class.forName(name).getDeclaredConstructor().newInstance();
      System.out.println(name + " " + of(model, 1));
    }
  }

  /** Outputs, loss, metrics, gradients, and the parameters after two steps, for as many rows as there can be and for fewer. */
  static long of(CompiledModel model, int threads) {
    Signature signature = model.signature();
    long digest = 1;
    try (Team team = Team.of(threads);
        Session session = model.session(team)) {
      for (int rows : new int[] {signature.maximum(), signature.maximum() / 2 | 1}) {
        model.initialise(7);
        model.resetOptimizer();
        session.at(1, 1, STEPS, 42);
        feed(session, Math.min(rows, signature.maximum()));
        session.run();
        digest = values(digest, session, "output.");
        digest = values(digest, session, Generation.SCORES);
        session.evaluate();
        digest = values(digest, session, "eval.");
        if (signature.has("loss")) {
          session.gradient();
          digest = values(digest, session, "");
          for (int step = 0; step < STEPS; step++) {
            session.step();
          }
          digest = 31 * digest + Arrays.hashCode(model.parameters());
        }
      }
    }
    return digest;
  }

  /** What a session computes that can do nothing else. */
  static long ofOutputs(CompiledModel model) {
    try (Session session = model.session()) {
      feed(session, model.signature().maximum());
      session.run();
      return values(1, session, "output.");
    }
  }

  private static void feed(Session session, int rows) {
    Random random = new Random(rows);
    for (Signature.Value input : session.model().signature().inputs()) {
      float[] values = new float[input.elements(rows)];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (input.element()) {
              case F32 -> (float) (random.nextGaussian() * 0.8);
              case I32 -> random.nextInt(Math.max(1, input.classes()));
              case BOOL -> random.nextInt(2);
            };
      }
      session.feed(input.name(), values);
    }
  }

  private static long values(long before, Session session, String prefix) {
    long digest = before;
    for (Signature.Value value : session.model().signature().values()) {
      boolean evaluated = // the compiler is not on the class path where this runs
          value.name().startsWith("output.")
              || value.name().equals(Generation.SCORES)
              || value.name().startsWith("eval.");
      if (prefix.isEmpty() ? !evaluated : value.name().startsWith(prefix)) {
        digest = 31 * digest + Arrays.hashCode(session.read(value.name()));
      }
    }
    return digest;
  }
}
