package nnc.cli.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Writes the page: one file, with its style, its script, its libraries, their fonts and the data inside. */
public final class Page {
  private static final String LIBRARIES = "lib/";

  /** What formulas are set in; the other fonts of KaTeX are for alphabets that no formula has. */
  private static final Set<String> FONTS =
      Set.of(
          "KaTeX_AMS-Regular",
          "KaTeX_Main-Regular",
          "KaTeX_Math-Italic",
          "KaTeX_Main-Italic",
          "KaTeX_Size1-Regular",
          "KaTeX_Size2-Regular",
          "KaTeX_Size3-Regular",
          "KaTeX_Size4-Regular");

  private static final Pattern FONT_FACE =
      Pattern.compile("@font-face\\{[^}]*?src:url\\(fonts/([\\w-]+)\\.woff2\\)[^}]*}");
  private static final Pattern FONT_FILES = Pattern.compile("src:url\\([^}]*");
  private static final Pattern SLOT = Pattern.compile("\\{\\{([\\w.-]+)}}");

  /** What is nothing is left out: the script has a default for it. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              usual -> usual.withValueInclusion(JsonInclude.Include.NON_EMPTY))
          .build();

  private Page() {}

  public static String html(PageData data) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", escaped(data.model()));
    parts.put("licences", resource(LIBRARIES + "licences.txt"));
    parts.put("katex.css", withFonts(resource(LIBRARIES + "katex.min.css")));
    parts.put("view.css", resource("view.css"));
    parts.put("data", json(data));
    for (String library : new String[] {"viz-global.js", "highlight.min.js", "katex.min.js"}) {
      parts.put(library, script(resource(LIBRARIES + library)));
    }
    parts.put("view.js", script(resource("view.js")));
    return SLOT.matcher(resource("page.html"))
        .replaceAll(slot -> Matcher.quoteReplacement(parts.get(slot.group(1))));
  }

  /** No text can end the element that the data stands in. */
  static String json(PageData data) {
    return JSON.writeValueAsString(data).replace("<", "\\u003c");
  }

  /** In a script element these characters would begin a comment of HTML; in texts and patterns \! is an exclamation mark. */
  private static String script(String text) {
    return text.replace("<!--", "<\\!--");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static String withFonts(String style) {
    return FONT_FACE
        .matcher(style)
        .replaceAll(face -> {
          if (!FONTS.contains(face.group(1))) {
            return "";
          }
          byte[] font = bytes(LIBRARIES + face.group(1) + ".woff2");
          String inlined =
              "src:url(data:font/woff2;base64,"
                  + Base64.getEncoder().encodeToString(font)
                  + ") format(\"woff2\")";
          return Matcher.quoteReplacement(
              FONT_FILES.matcher(face.group()).replaceFirst(Matcher.quoteReplacement(inlined)));
        });
  }

  private static String resource(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("view: the jar has no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
