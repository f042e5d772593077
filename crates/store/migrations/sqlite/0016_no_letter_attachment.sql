-- Nothing was ever kept here: what goes along with a letter is made when it leaves, and kept with the mail that was sent.
DROP TABLE letter_attachment;
