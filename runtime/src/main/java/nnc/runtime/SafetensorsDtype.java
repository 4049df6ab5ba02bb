package nnc.runtime;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The element types of a safetensors file that can be read: how wide an element is, and which
 * number its bytes are.
 */
enum SafetensorsDtype {
  F64(8) {
    @Override
    double number(ByteBuffer data, int at) {
      return data.getDouble(at);
    }
  },
  F32(4) {
    @Override
    double number(ByteBuffer data, int at) {
      return data.getFloat(at);
    }
  },
  F16(2) {
    @Override
    double number(ByteBuffer data, int at) {
      return Float.float16ToFloat(data.getShort(at));
    }
  },
  /** The upper half of an F32. */
  BF16(2) {
    @Override
    double number(ByteBuffer data, int at) {
      return Float.intBitsToFloat(data.getShort(at) << 16);
    }
  },
  I64(8) {
    @Override
    double number(ByteBuffer data, int at) {
      return data.getLong(at);
    }
  },
  I32(4) {
    @Override
    double number(ByteBuffer data, int at) {
      return data.getInt(at);
    }
  },
  I16(2) {
    @Override
    double number(ByteBuffer data, int at) {
      return data.getShort(at);
    }
  },
  I8(1) {
    @Override
    double number(ByteBuffer data, int at) {
      return data.get(at);
    }
  },
  U8(1) {
    @Override
    double number(ByteBuffer data, int at) {
      return Byte.toUnsignedInt(data.get(at));
    }
  },
  /** One byte, 0 or 1. */
  BOOL(1) {
    @Override
    double number(ByteBuffer data, int at) {
      return data.get(at);
    }
  };

  private final int bytes;

  SafetensorsDtype(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element in bytes. */
  int bytes() {
    return bytes;
  }

  /**
   * The element whose bytes start at {@code at}; the buffer is little-endian. I64 beyond 2^53 is
   * rounded.
   */
  abstract double number(ByteBuffer data, int at);

  static Optional<SafetensorsDtype> named(String name) {
    return Arrays.stream(values()).filter(dtype -> dtype.name().equals(name)).findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(" "));
  }
}
