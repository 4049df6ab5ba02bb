package nnc.compiler.artifact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import nnc.compiler.emit.JavaSource;
import nnc.runtime.CompiledModel;
import nnc.runtime.SourceMap;

/** javac, from strings to bytes. */
public final class InMemoryCompiler {
  /** What javac meets in every generated class; compiling it once makes javac ready for the real ones. */
  private static final JavaSource WARM_UP =
      new JavaSource(
          "nn",
          "WarmUp",
          """
          package nn;
          import jdk.incubator.vector.FloatVector;
          import jdk.incubator.vector.VectorOperators;
          import jdk.incubator.vector.VectorSpecies;
          final class WarmUp {
            private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
            interface Loops { void relu(float[] m, int r0, int r1); }
            static final class Vector implements Loops {
              @Override public void relu(float[] m, int r0, int r1) {
                for (int r = r0; r < r1; r++) {
                  for (int c = 0; c < 64; c += S.length()) {
                    FloatVector x = FloatVector.fromArray(S, m, r * 64 + c);
                    FloatVector.broadcast(S, 0f).blend(x, x.compare(VectorOperators.GT, 0f)).intoArray(m, r * 64 + c);
                  }
                }
              }
            }
            static java.util.List<nnc.runtime.Signature.Kernel> kernels(nnc.runtime.Worker w, nnc.runtime.Session s, nnc.runtime.CompiledModel m) {
              w.join();
              return java.util.List.of();
            }
          }
          """,
          "",
          new SourceMap(new TreeMap<>(Map.of(8, new SourceMap.Place("warm-up.nn", 1)))));

  private InMemoryCompiler() {}

  /** Begins to make javac ready, in the background: worth it where a model will be compiled a moment later. */
  public static void warmUp() {
    Thread.ofPlatform().daemon().name("nnc-javac-warm-up").start(() -> compile(List.of(WARM_UP)));
  }

  /**
   * Compiles generated sources; debuggers find the lines of the model in the classes.
   *
   * @throws IllegalStateException if there is no compiler in this Java, or the sources do not compile: a defect of ours
   */
  public static Classes compile(List<JavaSource> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("compiling a model needs a JDK; this Java has no compiler");
    }
    Map<String, ByteArrayOutputStream> outputs = new TreeMap<>();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavaFileManager manager = new Collector(files, outputs);
      List<JavaFileObject> units = new ArrayList<>();
      sources.forEach(source -> units.add(new Text(source)));
      List<String> options =
          new ArrayList<>(
              List.of(
                  "-proc:none",
                  "-nowarn",
                  "-g",
                  "-Xlint:none",
                  "--add-modules",
                  "jdk.incubator.vector",
                  "-classpath",
                  classPath()));
      if (!compiler.getTask(messages, manager, null, options, null, units).call()) {
        throw new IllegalStateException("the generated Java does not compile:\n" + messages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SourceMaps maps = new SourceMaps(sources);
    Map<String, byte[]> classes = new TreeMap<>();
    outputs.forEach((name, bytes) -> classes.put(name, maps.added(name, bytes.toByteArray())));
    return new Classes(classes);
  }

  /** Where the runtime's classes are: generated code needs nothing else. */
  private static String classPath() {
    try {
      return Path.of(
              CompiledModel.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the runtime's jar has no path", e);
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(JavaSource source) {
      super(URI.create("string:///" + source.path()), Kind.SOURCE);
      this.text = source.text();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Collector extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> outputs;

    Collector(JavaFileManager files, Map<String, ByteArrayOutputStream> outputs) {
      super(files);
      this.outputs = outputs;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("bytes:///" + name.replace('.', '/') + kind.extension), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          outputs.put(name, bytes);
          return bytes;
        }
      };
    }
  }
}
