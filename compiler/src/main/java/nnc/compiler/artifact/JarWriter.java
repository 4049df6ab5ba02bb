package nnc.compiler.artifact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes a jar of classes and resources; the same content gives the same bytes, on any day and machine. */
public final class JarWriter {
  /** Later than the first moment a zip file can hold, for which Java would add a field that depends on the time zone. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private JarWriter() {}

  /**
   * The bytes of a jar: the manifest, then all entries in the order of their names, not compressed.
   *
   * @param resources by their paths in the jar
   */
  public static byte[] jar(Classes classes, Map<String, byte[]> resources) {
    Map<String, byte[]> entries = new TreeMap<>(resources);
    classes.bytes().forEach((name, code) -> entries.put(name.replace('.', '/') + ".class", code));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      add(
          zip,
          JarFile.MANIFEST_NAME,
          "Manifest-Version: 1.0\r\nCreated-By: nnc\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        add(zip, entry.getKey(), entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory is written without failures of a disk", e);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
