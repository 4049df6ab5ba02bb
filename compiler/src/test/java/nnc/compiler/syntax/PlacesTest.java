package nnc.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import nnc.compiler.source.Source;
import org.junit.jupiter.api.Test;

class PlacesTest {
  @Test
  void everyPartKnowsWhereItStands() {
    Ast.File file =
        parse(
            """
            layer Dense(units)(x: [..., in]) {
              param W: [in, units] ~ zeros
              h[t] = x @ W
            }
            """);
    Ast.LayerDeclaration layer = (Ast.LayerDeclaration) file.declarations().getFirst();
    Ast.ParamStatement param = (Ast.ParamStatement) layer.body().get(0);
    Ast.AssignStatement assign = (Ast.AssignStatement) layer.body().get(1);
    assertThat(layer.name().span().text()).isEqualTo("Dense");
    assertThat(layer.span().text()).startsWith("layer Dense").endsWith("}");
    assertThat(layer.inputs().getFirst().span().text()).isEqualTo("x: [..., in]");
    assertThat(param.span().text()).isEqualTo("param W: [in, units] ~ zeros");
    assertThat(param.type().span().text()).isEqualTo("[in, units]");
    assertThat(assign.targets().getFirst().span().text()).isEqualTo("h[t]");
    assertThat(assign.span().line()).isEqualTo(3);
    assertThat(assign.value().span().column()).isEqualTo(10);
  }

  @Test
  void placesCountInTheUnitsOfTheTextBeyondTheBasicPlane() {
    Ast.File file = parse("/* 🙂🙂 */ fn f(𝒙) = 𝒙 + größe");
    Ast.FunctionDeclaration function = (Ast.FunctionDeclaration) file.declarations().getFirst();
    assertThat(function.span().text()).isEqualTo("fn f(𝒙) = 𝒙 + größe");
    assertThat(function.inputs().getFirst().name().text()).isEqualTo("𝒙");
  }

  @Test
  void docLinesGoToWhatStandsBelowThem() {
    Ast.File file =
        parse(
            """
            /// First line.
            ///   Second line.
            //// a ruler, not a doc
            model M {
              dim B = 1   /// behind code, this is an ordinary comment
              input x: [B]
              /// What comes out.
              output y = x
            }
            """);
    Ast.ModelDeclaration model = (Ast.ModelDeclaration) file.declarations().getFirst();
    assertThat(model.doc()).isEqualTo("First line.\nSecond line.");
    assertThat(((Ast.InputStatement) model.body().get(1)).doc()).isEmpty();
    assertThat(((Ast.OutputStatement) model.body().get(2)).doc()).isEqualTo("What comes out.");
  }

  @Test
  void oneParenthesisPairHoldsInputsTwoHoldConfigurationAndInputs() {
    Ast.File file = parse("layer A(x: [n]) { x }\nlayer B(a = 2)(x) { x }\nlayer C()() { 1 }");
    assertThat(file.declarations())
        .extracting(d ->
            ((Ast.LayerDeclaration) d).configuration().size()
                + "+"
                + ((Ast.LayerDeclaration) d).inputs().size())
        .containsExactly("0+1", "1+1", "0+0");
  }

  @Test
  void emptyFilesAreFilesWithoutDeclarations() {
    for (String text :
        new String[] {
          "", "\n", "\r\n", " \t ", "// a comment", "/* one */", "/// a doc", "\uFEFF", ";"
        }) {
      assertThat(parse(text).declarations()).as(text).isEmpty();
    }
  }

  @Test
  void lineEndsOfEverySystemAndAByteOrderMarkAreTheSameFile() {
    String text = "model M {\n  x = 1\n  y = x +\n    2\n}\n\ntrain M {\n  epochs 2\n}\n";
    String tree = AstPrinter.print(parse(text));
    assertThat(AstPrinter.print(parse(text.replace("\n", "\r\n")))).isEqualTo(tree);
    assertThat(AstPrinter.print(parse(text.replace("\n", "\r")))).isEqualTo(tree);
    assertThat(AstPrinter.print(parse("\uFEFF" + text))).isEqualTo(tree);
  }

  private static Ast.File parse(String text) {
    return Parser.parse(new Source("test.nn", text));
  }
}
