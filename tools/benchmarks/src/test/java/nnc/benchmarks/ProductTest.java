package nnc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductTest {
  @Test
  void aProductIsReadAsItIsWritten() {
    assertThat(Product.parse("tn:256X2048x1024"))
        .isEqualTo(new Product(Product.Layout.T, Product.Layout.N, 256, 2048, 1024));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TN:256x2048", "XN:1x2x3", "256x2048x1024", "NN:0x2x3", "NN:99999999999x1x1"})
  void whatIsNoProductIsRefused(String text) {
    assertThatThrownBy(() -> Product.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLayerHasThreeProducts() {
    assertThat(ProductShapes.all())
        .contains(
            Product.parse("NN:128x512x256"),
            Product.parse("NT:128x256x512"),
            Product.parse("TN:512x128x256"))
        .doesNotHaveDuplicates();
    assertThat(ProductShapes.uses(Product.parse("TN:512x128x256"))).isEqualTo("W1");
  }
}
