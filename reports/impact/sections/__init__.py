"""What each section of the impact report says, from one month of a release."""
