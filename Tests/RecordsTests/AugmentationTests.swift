import Records
import Testing

struct AugmentationTests {
  /// Off by default, and then there is nothing to say about the cache.
  @Test func off() {
    #expect(!Augmentation().isOn)
    #expect(Augmentation().cacheNote == nil)
  }

  /// What happens to the cache is said: off, or the number of views.
  @Test func cacheNote() {
    var augmentation = Augmentation()
    augmentation.flip = true
    #expect(augmentation.cacheNote?.contains("off") == true)
    augmentation.cachedViews = 4
    #expect(augmentation.cacheNote?.contains("4 augmented views") == true)
  }
}
