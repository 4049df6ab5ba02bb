package nnc.compiler.syntax;

import java.util.List;
import nnc.compiler.source.CompileException;
import nnc.compiler.source.Source;
import nnc.grammar.NnParser;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;

/** From text to syntax: the whole way, one step a line. */
public final class Parser {
  private Parser() {}

  /**
   * Parses one .nn file.
   *
   * @return its syntax; what the names mean is not looked at
   * @throws CompileException with every independent syntax error of the file (the first {@value SyntaxErrors#SHOWN}), in
   *     the order of their places: {@code syntax}, or {@code nesting} where the text is nested too deeply to be read
   */
  public static Ast.File parse(Source source) {
    SyntaxErrors errors = new SyntaxErrors(source);
    Scanner scanner = new Scanner(errors);
    List<CommonToken> tokens = StatementEnds.find(balanced(scanner, errors));
    NestingLimit.check(errors, tokens);
    ContextualWords.resolve(tokens);
    NnParser.FileContext tree = parse(tokens, errors);
    Ast.File file = new AstBuilder(errors, scanner.docs()).file(tree);
    errors.throwIfAny();
    return file;
  }

  private static List<CommonToken> balanced(Scanner scanner, SyntaxErrors errors) {
    List<CommonToken> tokens = scanner.scan();
    return Brackets.balance(errors, tokens, scanner.isComplete());
  }

  private static NnParser.FileContext parse(List<CommonToken> tokens, SyntaxErrors errors) {
    NnParser parser = new NnParser(new CommonTokenStream(new ListTokenSource(tokens)));
    parser.removeErrorListeners();
    parser.setErrorHandler(new ErrorRecovery(errors, new SyntaxMessages(errors, tokens)));
    parser.addParseListener(new OperandTrimmer());
    return parser.file();
  }
}
