package nnc.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a - b - c               ~ ((a - b) - c)",
        "a + b * c ^ d           ~ (a + (b * (c ^ d)))",
        "a * b @ c / d           ~ (((a * b) @ c) / d)",
        "a ^ b ^ c               ~ (a ^ (b ^ c))",
        "-x ^ 2                  ~ (-(x ^ 2))",
        "2 ^ -x                  ~ (2 ^ (-x))",
        "2 ^ -x ^ y              ~ (2 ^ (-(x ^ y)))",
        "- - x                   ~ (-(-x))",
        "-x * y                  ~ ((-x) * y)",
        "not a == b              ~ (not (a == b))",
        "not a and b or c        ~ (((not a) and b) or c)",
        "a < b and c >= d        ~ ((a < b) and (c >= d))",
        "a or b |> f |> g(1)     ~ (((a or b) |> f) |> g(1))",
        "x.T @ y[0].last         ~ (x.T @ y[0].last)",
        "-x.T                    ~ (-x.T)",
        "(a + b) * c             ~ ((a + b) * c)",
      })
  void operatorsBindAsInTheBooks(String written, String meant) {
    assertThat(inline(written)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "x[1..2]        ~ x[1..2]",
        "x[1.., ..2, ..] ~ x[1.., ..2, ..]",
        "x[..., i]      ~ x[..., i]",
        "columns(0..63) ~ columns(0..63)",
        "f(1.5, 2.5)    ~ f(1.5, 2.5)",
        "f(x over T)    ~ f(x over (T))",
        "f(x, over T)   ~ f(x over (T))",
        "f(x over (T, -2) where m and n) ~ f(x over (T, -2) where (m and n))",
        "where(a, b, c) ~ where(a, b, c)",
      })
  void pointsAndWordsInsideBracketsMeanWhatTheyShould(String written, String meant) {
    assertThat(inline(written)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7, true",
    "1_000, 1000, true",
    "1.50, 1.5, false",
    "1e3, 1000, false",
    "2.5E-1, 0.25, false"
  })
  void numbersKnowWhetherTheyAreIntegers(String written, double value, boolean integer) {
    Ast.NumberLiteral number = (Ast.NumberLiteral) expression(written);
    assertThat(number.value()).isEqualTo(value);
    assertThat(number.integer()).isEqualTo(integer);
  }

  @Test
  void aNegativeAxisIsANumber() {
    Ast.Call call = (Ast.Call) expression("mean(x over -1)");
    assertThat(call.over().orElseThrow().axes())
        .singleElement()
        .isInstanceOfSatisfying(
            Ast.NumberLiteral.class, axis -> assertThat(axis.value()).isEqualTo(-1));
  }

  @Test
  void escapesInTextsAreResolved() {
    Ast.TextLiteral text = (Ast.TextLiteral) expression("\"a\\\"b\\\\c\\nd\\te\"");
    assertThat(text.value()).isEqualTo("a\"b\\c\nd\te");
  }

  @Test
  void aCommaMakesParenthesesAList() {
    assertThat(expression("(a)")).isInstanceOf(Ast.NameReference.class);
    assertThat(expression("(a, b)")).isInstanceOf(Ast.ListLiteral.class);
    assertThat(expression("()"))
        .isInstanceOfSatisfying(
            Ast.ListLiteral.class, list -> assertThat(list.elements()).isEmpty());
  }

  @Test
  void anOperationSpansItsOperandsWithTheirParentheses() {
    Ast.Binary product = (Ast.Binary) expression("(a + b) * c.T");
    assertThat(product.span().text()).isEqualTo("(a + b) * c.T");
    assertThat(product.operatorSpan().text()).isEqualTo("*");
    assertThat(product.left().span().text()).isEqualTo("a + b");
  }

  private static String inline(String expression) {
    return InlineExpressions.write(expression(expression), 200).orElseThrow();
  }

  private static Ast.Expression expression(String text) {
    Ast.File file = Parser.parse(new Source("test.nn", "fn f(x) = " + text));
    Ast.FunctionDeclaration function = (Ast.FunctionDeclaration) file.declarations().getFirst();
    return ((Ast.ValueStatement) function.body().getFirst()).values().getFirst();
  }
}
