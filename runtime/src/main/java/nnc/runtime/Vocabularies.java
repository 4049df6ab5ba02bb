package nnc.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import nnc.runtime.text.Vocabulary;

/** Vocabularies in a safetensors file: an object in JSON under a name of its metadata. */
public final class Vocabularies {
  public static final String KEY = "nnc.vocabularies";

  private Vocabularies() {}

  /**
   * The vocabularies of a file, by the field of the data that they number; none if the file has none.
   *
   * @throws TensorFileException if they are damaged
   */
  public static Map<String, Vocabulary> of(Safetensors tensors) {
    Map<String, Vocabulary> vocabularies = new LinkedHashMap<>();
    String written = tensors.metadata().get(KEY);
    if (written != null) {
      SafetensorsJson json = new SafetensorsJson(tensors.file(), written);
      try {
        json.object(field -> vocabularies.put(field, Vocabulary.parse(json.string())));
        json.end();
      } catch (IllegalArgumentException e) {
        throw new TensorFileException(
            tensors.file(),
            "",
            "vocabularies under " + KEY,
            String.valueOf(e.getMessage()),
            "train again, or take another copy of the file");
      }
    }
    return Collections.unmodifiableMap(vocabularies);
  }

  /** What {@link #of} reads. */
  public static String write(Map<String, Vocabulary> vocabularies) {
    StringBuilder json = new StringBuilder("{");
    vocabularies.forEach((field, vocabulary) ->
        json.append(json.length() == 1 ? "" : ",")
            .append(SafetensorsWriter.json(field))
            .append(':')
            .append(SafetensorsWriter.json(vocabulary.write())));
    return json.append('}').toString();
  }
}
