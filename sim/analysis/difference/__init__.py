"""One plan of a study against another one, sample by sample and over all samples."""
