"""What we decide: pure rules and the doors through which facts enter the desk."""
