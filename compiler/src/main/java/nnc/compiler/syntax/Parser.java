package nnc.compiler.syntax;

import java.util.List;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Diagnostic;
import nnc.compiler.source.Source;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;

/** From text to syntax: the whole way, one step a line. */
public final class Parser {
  /** In UTF-16 units. Nobody writes as much; a data file that is handed over by mistake shall not fill the memory. */
  private static final int LARGEST = 10_000_000;

  private Parser() {}

  /**
   * Parses one .nn file.
   *
   * @return its syntax; what the names mean is not looked at
   * @throws CompileException with every independent syntax error of the file (the first {@value
   *     SyntaxErrors#SHOWN}), in the order of their places: {@code syntax}, or {@code nesting} where the text
   *     is nested too deeply to be read
   */
  public static Ast.File parse(Source source) {
    if (source.text().length() > LARGEST) {
      throw new CompileException(tooLarge(source));
    }
    SyntaxErrors errors = new SyntaxErrors(source);
    Scanner scanner = new Scanner(errors);
    List<CommonToken> tokens = StatementEnds.find(balanced(scanner, errors));
    NestingLimit.check(errors, tokens);
    ContextualWords.resolve(tokens);
    Ast.File file = parse(tokens, new AstBuilder(errors, scanner.docs()), errors);
    errors.throwIfAny();
    return file;
  }

  private static Diagnostic tooLarge(Source source) {
    int length = source.text().length();
    return Diagnostic.of(
            "syntax",
            source + " has " + length + " characters, more than a .nn file may have: " + LARGEST)
        .help("is it a .nn file? A large one can be split, and joined by import");
  }

  private static List<CommonToken> balanced(Scanner scanner, SyntaxErrors errors) {
    List<CommonToken> tokens = scanner.scan();
    return Brackets.balance(errors, tokens, scanner.isComplete());
  }

  private static Ast.File parse(List<CommonToken> tokens, AstBuilder builder, SyntaxErrors errors) {
    NnParser parser = new NnParser(new CommonTokenStream(new ListTokenSource(tokens)));
    parser.removeErrorListeners();
    parser.setErrorHandler(new ErrorRecovery(errors, new SyntaxMessages(errors, tokens)));
    parser.addParseListener(new TreeTrimmer(builder::add));
    return builder.file(parser.file());
  }
}
