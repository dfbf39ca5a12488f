guide
