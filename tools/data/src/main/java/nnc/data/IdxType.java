package nnc.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The element types of an IDX file. */
enum IdxType {
  U8(0x08, 1) {
    @Override
    float number(ByteBuffer data, int at) {
      return Byte.toUnsignedInt(data.get(at));
    }
  },
  I8(0x09, 1) {
    @Override
    float number(ByteBuffer data, int at) {
      return data.get(at);
    }
  },
  I16(0x0B, 2) {
    @Override
    float number(ByteBuffer data, int at) {
      return data.getShort(at);
    }
  },
  I32(0x0C, 4) {
    @Override
    float number(ByteBuffer data, int at) {
      return data.getInt(at);
    }
  },
  F32(0x0D, 4) {
    @Override
    float number(ByteBuffer data, int at) {
      return data.getFloat(at);
    }
  },
  F64(0x0E, 8) {
    @Override
    float number(ByteBuffer data, int at) {
      return (float) data.getDouble(at);
    }
  };

  private final int code;
  private final int bytes;

  IdxType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The size of one element in bytes. */
  int bytes() {
    return bytes;
  }

  /**
   * The element whose bytes start at {@code at}, rounded to the nearest float; the buffer is
   * big-endian.
   */
  abstract float number(ByteBuffer data, int at);

  static Optional<IdxType> of(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  static String codes() {
    return Arrays.stream(values()).map(type -> hex(type.code)).collect(Collectors.joining(" "));
  }

  static String hex(int code) {
    return String.format(Locale.ROOT, "0x%02x", code);
  }
}
