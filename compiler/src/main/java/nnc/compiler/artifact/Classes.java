package nnc.compiler.artifact;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import nnc.runtime.CompiledModel;
import nnc.runtime.MemoryException;

/** Compiled classes by their names. */
public final class Classes {
  private final Map<String, byte[]> bytes;

  Classes(Map<String, byte[]> bytes) {
    this.bytes = Collections.unmodifiableMap(new TreeMap<>(bytes));
  }

  public Map<String, byte[]> bytes() {
    return bytes;
  }

  /** Makes a model of the class of that name. */
  public CompiledModel load(String name) {
    ClassLoader loader =
        new ClassLoader(CompiledModel.class.getClassLoader()) {
          @Override
          protected Class<?> findClass(String wanted) throws ClassNotFoundException {
            byte[] code = bytes.get(wanted);
            if (code == null) {
              throw new ClassNotFoundException(wanted);
            }
            return defineClass(wanted, code, 0, code.length);
          }

          @Override
          public InputStream getResourceAsStream(String wanted) {
            byte[] code = bytes.get(wanted.replaceFirst("\\.class$", "").replace('/', '.'));
            return code == null
                ? super.getResourceAsStream(wanted)
                : new ByteArrayInputStream(code);
          }
        };
    try {
      return (CompiledModel) loader.loadClass(name).getDeclaredConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof MemoryException noRoom ? noRoom : defect(name, e);
    } catch (ReflectiveOperationException e) {
      throw defect(name, e);
    }
  }

  private static IllegalStateException defect(String name, ReflectiveOperationException e) {
    return new IllegalStateException(
        "artifact: the generated class " + name + " has a public constructor without arguments", e);
  }
}
