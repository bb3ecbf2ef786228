import Records
import Testing

struct AugmentationTests {
  /// Augmentation is off by default, and then there is no note about the cache.
  @Test func off() {
    #expect(!Augmentation().isOn)
    #expect(Augmentation().cacheNote == nil)
  }

  /// The note says that the cache is off, or gives the number of views.
  @Test func cacheNote() {
    var augmentation = Augmentation()
    augmentation.flip = true
    #expect(augmentation.cacheNote?.contains("off") == true)
    augmentation.cachedViews = 4
    #expect(augmentation.cacheNote?.contains("4 augmented views") == true)
  }
}
