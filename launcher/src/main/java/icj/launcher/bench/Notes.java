package icj.launcher.bench;

/// Hears what a person may want to know beside the figures: a line at a time.
@FunctionalInterface
public interface Notes {
    /// A line.
    void say(String line);
}
