// The arithmetic of the preview, without a screen. scoring/preview.py writes the bytes and is the reference: the same
// weights give the same totals there, here and, up to the rounding of values, in the engine.
const NOT_ASKED = 2 // steps beyond 1: the question does not apply; one more: nobody knows
const KEPT = 1, RANKABLE = 2, SHOWN = 3 // flags: kept by the filters; may have a rank; both
const CELL_BITS = 16 // of all categories together, by which subjects are sorted into cells
const COARSE = 4 // bits of a score that its level leaves out
const LAST_DIGIT = 1e-9 // totals that differ by less are equal

// Reads what Preview.pack wrote: a field of n subjects under no weights yet.
export function read(bytes) {
  const own = bytes.byteOffset % 4 ? bytes.slice() : bytes // blocks start at multiples of four
  const at = own.byteOffset, long = new DataView(own.buffer, at).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + long)))
  const { n, bits, columns } = header
  const block = (name) => header.blocks[name] && [at + 4 + long + header.blocks[name][0], header.blocks[name][1]]
  const [start, length] = block("values")
  const values = bits === 32 ? new Uint32Array(own.buffer, start, length / 4) : new Uint16Array(own.buffer, start, length / 2)
  const [caps, ids] = [block("caps"), block("ids")]
  const limit = new Float64Array(256).map((_, met) => Math.min(...header.limits.filter((_, j) => (met >> j) & 1)))
  const each = columns.map((_, j) => values.subarray(j * n, (j + 1) * n))
  const unasked = () => new Uint16Array(n).fill(header.steps + NOT_ASKED)
  return {
    ...header,
    values: each,
    caps: new Uint8Array(own.buffer, caps[0], n),
    limit,
    ids: ids ? new TextDecoder().decode(new Uint8Array(own.buffer, ...ids)).split("\n") : null,
    flags: new Uint8Array(n).fill(SHOWN),
    // Of every category: the score, in parts of `whole`, and what it was blended under.
    scores: header.categories.map((c) => (header.by_factor ? new Float64Array(n) : each[columns.indexOf(c.id)] ?? unasked())),
    whole: header.by_factor ? 1 : header.steps,
    under: header.categories.map(() => ""),
    counts: new Uint8Array(n), // bit c: category c counts in the total
    known: new Uint8Array(n), // bit c: anything of it is known
    cells: null, // how those kept are sorted; none yet, or no longer
    first: [], // the first places of the last weighing
  }
}

// Which subjects a filter keeps and which may have a rank: a bit each of the one, then of the other.
export function list(field, bits) {
  const { n, flags } = field, half = bits.length / 2
  for (let i = 0; i < n; i++) {
    const at = i >> 3, by = 7 - (i & 7)
    flags[i] = ((bits[at] >> by) & 1) * KEPT + ((bits[half + at] >> by) & 1) * RANKABLE
  }
  field.cells = null
}

// The columns of a category with their weights; without factors a category is its own only column.
function own(field, c, weights) {
  if (!field.by_factor) return field.columns.includes(field.categories[c].id) ? [[field.scores[c], 1]] : []
  const at = field.categories[c].factors.map((f) => [field.columns.indexOf(f.id), weights[f.id]])
  return at.filter(([j, w]) => j >= 0 && w > 0).map(([j, w]) => [field.values[j], w])
}

// Scores a category for subjects from..to, as `blend` of the engine does.
function blend(field, c, weights, unknown, from, to, { score, counts, known }) {
  const columns = own(field, c, weights), { steps } = field, bit = 1 << c
  const middle = unknown === "neutral" ? 0.5 : 0
  for (let i = from; i < to; i++) {
    let points = 0, some = 0, asked = 0
    for (let k = 0; k < columns.length; k++) {
      const v = columns[k][0][i], w = columns[k][1]
      if (v <= steps) { points += (w * v) / steps; some += w; asked += w }
      else if (v !== steps + NOT_ASKED) asked += w
    }
    const whole = unknown === "skip" ? some : asked, at = i - from
    if (unknown === "zero" ? asked > 0 : some > 0) {
      score[at] = (points + middle * (asked - some)) / whole
      counts[at] |= bit
    } else {
      score[at] = 0
      counts[at] &= ~bit
    }
    if (some > 0) known[at] |= bit
    else known[at] &= ~bit
  }
}

function blended(field, weights, unknown) {
  field.categories.forEach((category, c) => {
    const under = [unknown, ...(field.by_factor ? category.factors.map((f) => weights[f.id]) : [])].join()
    if (field.under[c] === under) return // only what moved is blended again
    if (field.by_factor) blend(field, c, weights, unknown, 0, field.n, { ...field, score: field.scores[c] })
    else note(field, c, unknown)
    field.under[c] = under
    field.cells = null
  })
  field.cells ??= sorted(field)
}

// What `blend` notes of a category whose score is its only column.
function note({ n, scores, steps, counts, known }, c, unknown) {
  const column = scores[c], bit = 1 << c, zero = unknown === "zero"
  for (let i = 0; i < n; i++) {
    const some = column[i] <= steps
    known[i] = some ? known[i] | bit : known[i] & ~bit
    counts[i] = some || (zero && column[i] !== steps + NOT_ASKED) ? counts[i] | bit : counts[i] & ~bit
  }
}

// Sorts those kept: into groups of which the same categories count under the same caps, and where scores stay as they
// are, each group into cells of like scores, of which most can be weighed by their ends alone. In a cell places rise.
function sorted(field) {
  const { n, flags, known, scores } = field, many = scores.length, { groups, of } = grouped(field)
  const bits = field.by_factor ? 0 : Math.floor(CELL_BITS / many), levels = bits && scores.map((s) => levelled(s, field.steps, bits))
  const next = new Uint32Array(groups.length << (bits * many)), cells = new Uint32Array(n), starts = [0]
  for (let i = 0; i < n; i++) {
    if (!(flags[i] & KEPT)) continue
    let cell = of[i]
    for (let c = 0; bits && c < many; c++) cell = (cell << bits) | levels[c][scores[c][i] >> COARSE]
    next[(cells[i] = cell)]++
  }
  let kept = 0
  for (const [g, group] of groups.entries()) {
    group.from = starts.length - 1
    for (let cell = g << (bits * many); cell < (g + 1) << (bits * many); cell++) {
      const size = next[cell]
      next[cell] = kept
      if (size) starts.push((kept += size))
    }
    group.to = starts.length - 1
  }
  const places = new Uint32Array(kept), rows = new scores[0].constructor(kept * many)
  for (let i = 0; i < n; i++) {
    if (!(flags[i] & KEPT)) continue
    const at = next[cells[i]]++
    places[at] = i
    for (let c = 0; c < many; c++) rows[at * many + c] = (known[i] >> c) & 1 ? scores[c][i] : 0
  }
  return { groups, starts, places, rows, ...extremes(rows, starts, many) }
}

// The groups of those kept, and of every place the number of its group.
function grouped({ n, flags, caps, counts, known, limits, categories }) {
  const wide = categories.length, groups = [], of = new Uint16Array(n)
  const numbers = new Uint16Array(2 << (2 * wide + limits.length)) // by kind, from 1
  for (let i = 0; i < n; i++) {
    if (!(flags[i] & KEPT)) continue
    const ranked = flags[i] === SHOWN, kind = (((((caps[i] << wide) | counts[i]) << wide) | known[i]) << 1) | ranked
    numbers[kind] ||= groups.push({ counts: counts[i], known: known[i], caps: caps[i], ranked })
    of[i] = numbers[kind] - 1
  }
  return { groups, of }
}

// Which level, of as many as fit in these bits, a score belongs to; about as many subjects belong to each.
function levelled(scores, steps, bits) {
  const numbers = new Uint32Array((65536 >> COARSE) + 1), level = new Uint8Array(65536 >> COARSE)
  let some = 0
  for (let i = 0; i < scores.length; i += 16) if (scores[i] <= steps) some += (numbers[scores[i] >> COARSE]++, 1)
  for (let k = 0, before = 0; k < level.length; before += numbers[k++]) level[k] = (before << bits) / (some + 1)
  return level
}

// The least and the greatest score of every category in every cell.
function extremes(rows, starts, many) {
  const low = new rows.constructor((starts.length - 1) * many), high = low.slice()
  for (let cell = 0; cell < starts.length - 1; cell++) {
    for (let c = 0; c < many; c++) {
      let least = rows[starts[cell] * many + c], most = least
      for (let k = (starts[cell] + 1) * many + c; k < starts[cell + 1] * many; k += many) {
        if (rows[k] < least) least = rows[k]
        if (rows[k] > most) most = rows[k]
      }
      low[cell * many + c] = least
      high[cell * many + c] = most
    }
  }
  return { low, high }
}

// The weights of the categories, as parts of the largest.
function parts(field, weights) {
  const each = field.categories.map((c) => weights[c.id])
  const most = Math.max(...each)
  return each.map((w) => (most > 0 ? w / most : 0))
}

// The weights of the categories, and by which categories count (a bit each of those that weigh) what makes a total of a
// sum: NaN for none.
function scales(field, weights) {
  const share = parts(field, weights)
  const mask = share.reduce((all, part, c) => (part > 0 ? all | (1 << c) : all), 0)
  const scale = Float64Array.from({ length: 1 << share.length }, (_, counts) => {
    const weight = share.reduce((sum, part, c) => sum + (counts & mask & (1 << c) ? part : 0), 0)
    return weight > 0 ? field.out_of / weight : NaN
  })
  return { share, scale, mask }
}

// Weighs all subjects. Returns the first `count` places of those kept (ranked before unranked, then by total, by what it
// were without a cap, and by id), and by place the ranks among those kept of these and `others`, null for one without.
export function weigh(field, weights, how, count, others = []) {
  blended(field, weights, how.unknown)
  const { cells, limit, whole, flags } = field, { share, scale, mask } = scales(field, weights)
  const total = (i) => (flags[i] === SHOWN ? one(field, i, weights, how).total : NaN)
  const first = leader(count, field.first.slice(0, count).map(total))
  const wanted = others.map((i) => [i, total(i) + LAST_DIGIT / 2])
  const edges = Float64Array.from(wanted.map(([, t]) => t).filter((t) => t === t)).sort()
  const above = new Float64Array(edges.length + 2) // subjects, by how many edges lie below their totals
  const can = (group) => group.known & mask
  const through = (group, leader, edges) => {
    const limits = how.capped ? limit[group.caps] : Infinity
    pass(cells, group, share, scale[group.counts & mask] / whole, limits, leader, edges, above)
  }
  for (const group of cells.groups) if (group.ranked && can(group)) through(group, first, edges)
  for (let k = edges.length - 1; k > 0; k--) above[k] += above[k + 1]
  const places = (field.first = count ? first.places() : field.first).slice(0, count)
  const ranks = new Map(wanted.map(([i, t]) => [i, t === t ? 1 + above[below(edges, t) + 1] : null]))
  for (const [i, rank] of first.ranks()) ranks.set(i, rank)
  if (places.length < count) {
    const rest = leader(count - places.length, [])
    for (const group of cells.groups) {
      if (!group.ranked && can(group)) through(group, rest, [])
      if (can(group)) continue
      for (let cell = group.from; cell < group.to; cell++) {
        for (const i of cells.places.subarray(cells.starts[cell], Math.min(cells.starts[cell] + count, cells.starts[cell + 1]))) {
          rest.offer(i, -1, 0)
        }
      }
    }
    for (const i of rest.places()) {
      places.push(i)
      ranks.set(i, null)
    }
  }
  return { first: places, ranks }
}

// Offers the subjects of a group, and counts how many lie above each edge. What all of a cell lies below is passed over.
function pass({ starts, places, rows, low, high }, group, share, scale, limit, first, edges, above) {
  const many = share.length, [p, q = 0, r = 0, s = 0] = share
  const [v, w, x] = [1, 2, 3].map((c) => Math.min(c, many - 1))
  const weighed = (of, k) => {
    const at = k * many
    let sum = p * of[at] + q * of[at + v] + r * of[at + w] + s * of[at + x]
    for (let c = 4; c < many; c++) sum += share[c] * of[at + c]
    return sum * scale
  }
  let { edge } = first
  for (let cell = group.from; cell < group.to; cell++) {
    const top = Math.min(weighed(high, cell), limit)
    if (!(top > edge || top > edges[0])) continue
    const under = below(edges, Math.min(weighed(low, cell), limit))
    if (top <= edge && under === below(edges, top)) {
      above[under] += starts[cell + 1] - starts[cell]
      continue
    }
    for (let k = starts[cell]; k < starts[cell + 1]; k++) {
      const uncapped = weighed(rows, k), total = Math.min(uncapped, limit)
      if (total > edge) edge = first.offer(places[k], total, uncapped)
      if (total > edges[0]) above[below(edges, total)]++
    }
  }
}

// Keeps the first few of those that are offered, in order; `others` are totals of which as many will be offered.
function leader(count, others) {
  const held = []
  const before = (a, b) => {
    const [x, y] = [Math.round(a[1] / LAST_DIGIT), Math.round(b[1] / LAST_DIGIT)]
    if (x !== y) return x > y
    const [u, v] = [Math.round(a[2] / LAST_DIGIT), Math.round(b[2] / LAST_DIGIT)]
    return u !== v ? u > v : a[0] < b[0]
  }
  const expected = others.length >= count && others.every((t) => t === t) ? Math.min(...others) - 2 * LAST_DIGIT : -Infinity
  return {
    edge: expected, // who lies below it cannot come in
    offer(...one) {
      let at = held.length
      while (at > 0 && before(one, held[at - 1])) at--
      held.splice(at, 0, one)
      if (held.length > count) held.pop()
      return (this.edge = held.length === count ? held[count - 1][1] - 2 * LAST_DIGIT : this.edge)
    },
    places: () => held.map(([i]) => i),
    ranks: () => held.map(([i, total]) => [i, 1 + held.filter((one) => one[1] > total + LAST_DIGIT / 2).length]),
  }
}

// How many of the sorted numbers lie below a value.
function below(edges, value) {
  let low = 0, high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

// What one subject's total is made of under any weights, not only the last: what every category adds, and the total.
export function one(field, i, weights, { unknown, capped }) {
  const { share, scale, mask } = scales(field, weights), at = { score: [0], counts: [0], known: [0] }
  const added = field.categories.map((_, c) => {
    blend(field, c, weights, unknown, i, i + 1, at)
    return share[c] * at.score[0]
  })
  if (!(at.known[0] & mask)) return { total: NaN, uncapped: NaN, parts: added.map(() => 0) }
  const points = added.map((part) => part * scale[at.counts[0] & mask])
  const uncapped = points.reduce((sum, part) => sum + part, 0)
  return { total: capped ? Math.min(uncapped, field.limit[field.caps[i]]) : uncapped, uncapped, parts: points }
}

// Where others are to be compared with what these weights make of them; ranks are looked up when they are asked for.
export function remember(weights, how) {
  return { weights: { ...weights }, how, ranks: new Map() }
}

// The ranks that places had among those kept under what is remembered, by place; null for those without one.
export function ranksThen(field, then, places) {
  const further = places.filter((i) => !then.ranks.has(i))
  if (further.length) for (const [i, rank] of weigh(field, then.weights, then.how, 0, further).ranks) then.ranks.set(i, rank)
  return then.ranks
}

// The share of every category in the total of a subject of which all that counts is asked; all 0 where nothing weighs.
export function shares(field, weights) {
  const w = parts(field, weights).map((share, c) => (own(field, c, weights).length ? share : 0))
  const whole = w.reduce((sum, share) => sum + share, 0)
  return w.map((share) => (whole > 0 ? share / whole : 0))
}

// Moves the weight of a category while the locked ones keep their share of the total. Returns all weights, of which
// none goes beyond `most`; the moved one gives way where a locked one would.
export function move(field, weights, id, value, locked, most) {
  const now = shares(field, weights), ids = field.categories.map((c) => c.id)
  const fixed = ids.map((each, c) => [each, now[c]]).filter(([each, share]) => locked.has(each) && share > 0)
  const kept = fixed.reduce((sum, [, share]) => sum + share, 0)
  if (!fixed.length || !counted(field, ids.indexOf(id), weights)) return { ...weights, [id]: value }
  if (kept > 1 - 1e-6) return { ...weights } // what is locked is all there is
  const others = ids.filter((each, c) => !locked.has(each) && each !== id && counted(field, c, weights))
  const beside = others.reduce((sum, each) => sum + weights[each], 0)
  const room = (most * (1 - kept)) / Math.max(...fixed.map(([, share]) => share))
  const free = Math.max(Math.min(value, room - beside), 0) + beside
  const next = { ...weights, [id]: free - beside }
  if (free <= 0) return { ...weights } // the locked ones would be all there is, with other shares
  for (const [each, share] of fixed) next[each] = Math.round((100 * share * free) / (1 - kept)) / 100
  return next
}

// Whether anything that weighs in a category counts.
export function counted(field, c, weights) {
  return Boolean(field.categories[c]) && own(field, c, weights).length > 0
}
