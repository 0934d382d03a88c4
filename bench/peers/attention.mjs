/**
 * Weighted sum of states by a masked softmax of their scores: `[ids (B, T), scores (B, T, 1), states
 * (B, T, H)]` to `(B, H)`. Id 0 is padding and gets no weight.
 */
export function attentionPool(tf) {
  class AttentionPool extends tf.layers.Layer {
    static className = "AttentionPool";

    computeOutputShape([, , states]) {
      return [states[0], states[2]];
    }

    call([ids, scores, states]) {
      return tf.tidy(() => {
        const masked = tf.where(ids.equal(0), tf.scalar(-1e9), scores.squeeze([2]));
        return tf.matMul(masked.softmax().expandDims(1), states).squeeze([1]);
      });
    }
  }
  return new AttentionPool({});
}
