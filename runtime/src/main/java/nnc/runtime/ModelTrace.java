package nnc.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stack traces that name lines of the model: above the frames of a generated kernel stands one for the line that it comes from,
 * {@code at Digits.logits(digits.nn:10)}.
 */
final class ModelTrace {
  private final Class<?> model;
  private final Signature.Kernel kernel;
  private final Map<String, Optional<SourceMap>> maps = new HashMap<>();

  private ModelTrace(Class<?> model, Signature.Kernel kernel) {
    this.model = model;
    this.kernel = kernel;
  }

  /**
   * Adds the lines of the model to what was thrown in one of its kernels.
   *
   * @param kernel that was run; what names its line where a class has no source map, as after a compilation by hand
   */
  static void complete(Throwable thrown, CompiledModel model, Signature.Kernel kernel) {
    StackTraceElement[] frames = thrown.getStackTrace();
    if (frames.length > 0) {
      thrown.setStackTrace(new ModelTrace(model.getClass(), kernel).completed(frames));
    }
  }

  private StackTraceElement[] completed(StackTraceElement[] frames) {
    List<StackTraceElement> completed = new ArrayList<>();
    String last = "";
    for (StackTraceElement frame : frames) {
      Optional<SourceMap.Place> place = place(frame);
      String method = frame.getMethodName().replaceFirst("\\$.*", "");
      if (place.isPresent() && !method.equals(last)) {
        SourceMap.Place line = place.get();
        completed.add(
            new StackTraceElement(model.getSimpleName(), method, line.file(), line.line()));
        last = method;
      }
      completed.add(frame);
    }
    return completed.toArray(StackTraceElement[]::new);
  }

  private Optional<SourceMap.Place> place(StackTraceElement frame) {
    String type = frame.getClassName();
    boolean generated = type.startsWith(model.getName()) && !type.startsWith(model.getName() + "$");
    if (!generated) {
      return Optional.empty();
    }
    Optional<SourceMap> map = maps.computeIfAbsent(type, this::map);
    return map.isPresent()
        ? map.get().place(frame.getLineNumber())
        : frame.getMethodName().equals(kernel.name()) ? ofKernel() : Optional.empty();
  }

  private Optional<SourceMap.Place> ofKernel() {
    int colon = kernel.place().lastIndexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.of(
            new SourceMap.Place(
                kernel.place().substring(0, colon),
                Integer.parseInt(kernel.place().substring(colon + 1))));
  }

  private Optional<SourceMap> map(String type) {
    try (InputStream code =
        model.getClassLoader().getResourceAsStream(type.replace('.', '/') + ".class")) {
      return code == null
          ? Optional.empty()
          : ClassFile.of()
              .parse(code.readAllBytes())
              .findAttribute(Attributes.sourceDebugExtension())
              .map(map -> SourceMap.parse(new String(map.contents(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
