package nnc.compiler.ir;

/**
 * Random numbers from [0, 1), counter-based: an element depends on the seed, the path of the call, the step and its own
 * place, and on nothing else.
 */
public record Uniform(String path, Shape shape) implements Leaf {
  @Override
  public String name() {
    return "uniform";
  }

  @Override
  public Type type() {
    return Type.f32(shape);
  }

  @Override
  public String toString() {
    return "uniform " + path;
  }
}
