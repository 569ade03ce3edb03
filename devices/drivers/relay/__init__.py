"""An electric strike or magnet behind a relay on GPIO."""
