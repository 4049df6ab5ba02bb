package nnc.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds the bytes of a safetensors file by hand: whatever header, whatever data. */
final class SafetensorsFile {
  private SafetensorsFile() {}

  static byte[] of(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return of(json.length, json, data);
  }

  static byte[] of(long headerLength, byte[] header, byte[] data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(headerLength).array());
    bytes.writeBytes(header);
    bytes.writeBytes(data);
    return bytes.toByteArray();
  }

  /** One tensor named x. */
  static byte[] tensor(String dtype, String shape, byte[] data) {
    return of(
        "{\"x\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[0,%d]}}"
            .formatted(dtype, shape, data.length),
        data);
  }

  /**
   * A buffer for the little-endian bytes of elements: {@code bytes(8).putInt(1).putInt(2).array()}.
   */
  static ByteBuffer bytes(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
