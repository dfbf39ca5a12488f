help guide
