//! What became of each recognizer in a text so far.
//!
//! Of short texts there are many, so that only what changed is put back for the next. In: the numbers of
//! recognizers. Out: their states. Not here: what changes them (`scan`).

/// What became of a recognizer in a text so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// Where the last match ended.
    pub(super) until: usize,
    /// In which unbroken run it was tried last, and how often without success.
    pub(super) tried: (usize, u8),
    /// Where the last match ends that its check refused, and how many such lie in each other.
    pub(super) refused: (usize, u8),
    is_touched: bool,
}

impl State {
    const NEW: Self = Self {
        until: 0,
        tried: (usize::MAX, 0),
        refused: (0, 0),
        is_touched: false,
    };
}

/// The states of all recognizers.
#[derive(Debug, Default)]
pub(super) struct States {
    all: Vec<State>,
    touched: Vec<u16>,
}

impl States {
    /// Forgets the text before; there are at least so many.
    pub(super) fn begin(&mut self, count: usize) {
        for index in self.touched.drain(..) {
            self.all[usize::from(index)] = State::NEW;
        }
        self.all.resize(self.all.len().max(count), State::NEW);
    }

    pub(super) fn of(&self, index: u16) -> &State {
        &self.all[usize::from(index)]
    }

    /// One to be changed.
    pub(super) fn change(&mut self, index: u16) -> &mut State {
        let state = &mut self.all[usize::from(index)];
        if !state.is_touched {
            state.is_touched = true;
            self.touched.push(index);
        }
        state
    }
}
