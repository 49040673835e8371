"""What people type: WTForms, one file a feature."""
