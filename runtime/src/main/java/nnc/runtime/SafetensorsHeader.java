package nnc.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a safetensors header promises, checked against the length of the data behind it: when one
 * exists, each tensor's bytes lie inside the data, no byte belongs to two tensors, and none belongs
 * to no tensor.
 *
 * @param metadata the texts under {@code __metadata__}, in the file's order
 * @param entries the tensors by name, in the file's order
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {
  /** Longest header that is read, in bytes: the limit of the format's reference implementation. */
  static final int LONGEST = 100_000_000;

  static final String METADATA = "__metadata__";
  static final String DAMAGED =
      "the file is damaged or no safetensors file: write or fetch it again";

  /** Most axes of a tensor; more than any array library has, few enough to print. */
  private static final int MOST_AXES = 64;

  /** The largest array that every JVM can make. */
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  /** Where a tensor's bytes lie: {@code from} (inclusive) to {@code to} (exclusive) of the data. */
  record Entry(Safetensors.Tensor tensor, SafetensorsDtype dtype, long from, long to) {
    int bytes() {
      return Math.toIntExact(to - from);
    }
  }

  SafetensorsHeader {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /**
   * @param file the file's name, for errors
   * @param dataLength the bytes behind the header
   */
  static SafetensorsHeader parse(String file, String text, long dataLength) {
    if (!text.startsWith("{")) {
      String found = text.isEmpty() ? "an empty one" : Quoted.text(text.substring(0, 1));
      throw new TensorFileException(file, "", "a header that starts with '{'", found, DAMAGED);
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    SafetensorsJson json = new SafetensorsJson(file, text);
    json.object(name -> {
      if (name.equals(METADATA)) {
        json.object(key -> metadata.put(key, json.string()));
      } else {
        entries.put(name, new EntryReader(file, name, json).read(dataLength));
      }
    });
    json.end();
    checkCovered(file, entries, dataLength);
    return new SafetensorsHeader(metadata, entries);
  }

  private static void checkCovered(String file, Map<String, Entry> entries, long dataLength) {
    List<Entry> byPlace = new ArrayList<>(entries.values());
    byPlace.sort(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
    checkApart(file, byPlace);
    long covered = 0;
    for (Entry entry : byPlace) {
      if (entry.from != covered) {
        throw new TensorFileException(
            file,
            entry.tensor.name(),
            "data_offsets from " + covered,
            "from " + entry.from + " (a hole between tensors)",
            DAMAGED);
      }
      covered = entry.to;
    }
    if (covered != dataLength) {
      throw new TensorFileException(
          file, "", covered + " bytes of data, as the header says", dataLength + " bytes", DAMAGED);
    }
  }

  /** Overlaps are looked for before holes: a tensor that was moved onto another one leaves a hole as well. */
  private static void checkApart(String file, List<Entry> byPlace) {
    for (int i = 1; i < byPlace.size(); i++) {
      Entry before = byPlace.get(i - 1);
      Entry entry = byPlace.get(i);
      if (entry.from < before.to) {
        throw new TensorFileException(
            file,
            entry.tensor.name(),
            "data_offsets that overlap no other tensor's",
            "%d to %d, which overlap %d to %d of tensor %s"
                .formatted(
                    entry.from,
                    entry.to,
                    before.from,
                    before.to,
                    Quoted.text(before.tensor.name())),
            DAMAGED);
      }
    }
  }

  /**
   * Reads one tensor's {@code {"dtype": …, "shape": […], "data_offsets": [from, to]}}, its fields
   * in any order.
   */
  private static final class EntryReader {
    private final String file;
    private final String name;
    private final SafetensorsJson json;
    private String dtypeName;
    private List<Long> sizes;
    private List<Long> offsets;

    EntryReader(String file, String name, SafetensorsJson json) {
      this.file = file;
      this.name = name;
      this.json = json;
    }

    Entry read(long dataLength) {
      json.object(field -> {
        switch (field) {
          case "dtype" -> dtypeName = json.string();
          case "shape" -> sizes = integers(MOST_AXES, "at most " + MOST_AXES + " axes");
          case "data_offsets" -> offsets = integers(2, "two data_offsets");
          default -> throw wrong("the fields dtype, shape and data_offsets", Quoted.text(field));
        }
      });
      if (dtypeName == null || sizes == null || offsets == null) {
        String missing = dtypeName == null ? "dtype" : sizes == null ? "shape" : "data_offsets";
        throw wrong("the fields dtype, shape and data_offsets", "no " + missing);
      }
      SafetensorsDtype dtype =
          SafetensorsDtype.named(dtypeName)
              .orElseThrow(() ->
                  new TensorFileException(
                      file,
                      name,
                      "a dtype of " + SafetensorsDtype.names(),
                      Quoted.text(dtypeName),
                      "convert the tensor to one of these, F32 for example"));
      int[] shape = shape();
      return entry(dtype, shape, dataLength);
    }

    private List<Long> integers(int most, String limit) {
      List<Long> integers = new ArrayList<>();
      json.array(() -> {
        if (integers.size() == most) {
          throw wrong(limit, "more");
        }
        integers.add(json.integer());
      });
      return integers;
    }

    private int[] shape() {
      int[] shape = new int[sizes.size()];
      for (int axis = 0; axis < shape.length; axis++) {
        long size = sizes.get(axis);
        if (size < 0 || size > Integer.MAX_VALUE) {
          throw wrong("sizes of 0 to 2147483647", "shape " + sizes);
        }
        shape[axis] = (int) size;
      }
      return shape;
    }

    private Entry entry(SafetensorsDtype dtype, int[] shape, long dataLength) {
      long bytes = dtype.bytes();
      for (int size : shape) {
        if (size != 0 && bytes > Long.MAX_VALUE / size) {
          throw wrong("a shape of less than 2^63 bytes", "shape " + sizes);
        }
        bytes *= size;
      }
      if (offsets.size() != 2) {
        throw wrong("two data_offsets", String.valueOf(offsets.size()));
      }
      long from = offsets.getFirst();
      long to = offsets.getLast();
      if (from < 0 || to < from || to > dataLength) {
        throw wrong(
            "data_offsets inside the file's " + dataLength + " bytes of data", from + " to " + to);
      }
      if (to - from != bytes) {
        throw wrong(
            bytes + " bytes for " + dtype + sizes,
            (to - from) + " (data_offsets " + from + " to " + to + ")");
      }
      if (bytes > LARGEST) {
        throw new TensorFileException(
            file,
            name,
            "at most " + LARGEST + " bytes a tensor",
            bytes + " bytes",
            "split the tensor into smaller ones");
      }
      return new Entry(new Safetensors.Tensor(name, dtype.name(), shape), dtype, from, to);
    }

    private TensorFileException wrong(String expected, String found) {
      return new TensorFileException(file, name, expected, found, DAMAGED);
    }
  }
}
