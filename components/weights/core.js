// The arithmetic of the preview, without a screen. scoring/preview.py writes the bytes and is the reference: the same
// weights give the same totals there, here and, up to the rounding of values, in the engine.
const NOT_ASKED = 2 // steps beyond 1: the question does not apply; one more: nobody knows
const KEPT = 1, RANKABLE = 2, SHOWN = 3 // flags: kept by the filters; may have a rank; both
const BINS = 4096 // of totals
const LAST_DIGIT = 1e-9 // totals that differ by less are equal

// Reads what Preview.pack wrote: a field of n subjects under no weights yet.
export function read(bytes) {
  const own = bytes.slice() // starts at a multiple of four, wherever the message had it
  const long = new DataView(own.buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + long)))
  const { n, bits, columns } = header
  const block = (name) => header.blocks[name] && [4 + long + header.blocks[name][0], header.blocks[name][1]]
  const [start, length] = block("values")
  const values = bits === 32 ? new Uint32Array(own.buffer, start, length / 4) : new Uint16Array(own.buffer, start, length / 2)
  const [caps, ids] = [block("caps"), block("ids")]
  const limit = new Float64Array(256).map((_, met) => Math.min(...header.limits.filter((_, j) => (met >> j) & 1)))
  return {
    ...header,
    values: columns.map((_, j) => values.subarray(j * n, (j + 1) * n)),
    caps: own.subarray(caps[0], caps[0] + n),
    limit,
    ids: ids ? new TextDecoder().decode(own.subarray(ids[0], ids[0] + ids[1])).split("\n") : null,
    flags: new Uint8Array(n).fill(SHOWN),
    // Of every category: the score, 0 where it leaves the total, and what it was blended under.
    scores: header.categories.map(() => new (header.by_factor ? Float64Array : Float32Array)(n)),
    under: header.categories.map(() => ""),
    counts: new Uint8Array(n), // bit c: category c counts in the total
    known: new Uint8Array(n), // bit c: anything of it is known
    total: new Float64Array(n),
  }
}

// Which subjects a filter keeps and which may have a rank, a byte each.
export function list(field, flags) {
  field.flags = flags
}

// The columns of a category with their weights; without factors a category is its own only column.
function own(field, c, weights) {
  if (!field.by_factor) return [[field.values[c], 1]]
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
    blend(field, c, weights, unknown, 0, field.n, { ...field, score: field.scores[c] })
    field.under[c] = under
  })
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

// Weighs all subjects; the totals stand in field.total until the next call. Returns the first `count` places of those
// kept: ranked before unranked, then by total, by what it were without a cap, and by id.
export function weigh(field, weights, { unknown, capped }, count) {
  blended(field, weights, unknown)
  const { n, scores, counts, known, caps, limit, flags, total } = field
  const { share, scale, mask } = scales(field, weights)
  const [a, b = a, c = a, d = a] = scores, [p, q = 0, r = 0, s = 0] = share, more = share.length > 4
  const check = unknown === "zero" // what nobody knows counts then, but a total needs something known
  const first = leader(count)
  let { edge } = first
  for (let i = 0; i < n; i++) {
    let sum = p * a[i] + q * b[i] + r * c[i] + s * d[i]
    if (more) for (let k = 4; k < share.length; k++) sum += share[k] * scores[k][i]
    let uncapped = sum * scale[counts[i] & mask]
    if (check && !(known[i] & mask)) uncapped = NaN
    const held = capped && caps[i] && limit[caps[i]] < uncapped ? limit[caps[i]] : uncapped
    total[i] = held
    if (held > edge && flags[i] === SHOWN) edge = first.offer(i, held, uncapped)
  }
  const places = first.places()
  return places.length < count ? [...places, ...unranked(field, count - places.length)] : places
}

// Keeps the first few of those that are offered, in order.
function leader(count) {
  const held = []
  const before = (a, b) => {
    const [x, y] = [Math.round(a[1] / LAST_DIGIT), Math.round(b[1] / LAST_DIGIT)]
    if (x !== y) return x > y
    const [u, v] = [Math.round(a[2] / LAST_DIGIT), Math.round(b[2] / LAST_DIGIT)]
    return u !== v ? u > v : a[0] < b[0]
  }
  return {
    edge: -Infinity, // who lies below it cannot come in
    offer(...one) {
      let at = held.length
      while (at > 0 && before(one, held[at - 1])) at--
      held.splice(at, 0, one)
      if (held.length > count) held.pop()
      return (this.edge = held.length === count ? held[count - 1]?.[1] - 2 * LAST_DIGIT : this.edge)
    },
    places: () => held.map(([i]) => i),
  }
}

function unranked(field, count) {
  const first = leader(count)
  for (let i = 0; i < field.n; i++) {
    const total = field.total[i], kept = field.flags[i] & KEPT
    if (kept && (!(field.flags[i] & RANKABLE) || total !== total)) first.offer(i, total === total ? total : -1, 0)
  }
  return first.places()
}

// The ranks that these places have among those kept, after the last weighing; null for those without one.
export function ranks(field, places) {
  const { n, total, flags } = field
  const has = (i) => flags[i] === SHOWN && total[i] === total[i]
  const edges = Float64Array.from(places.filter(has), (i) => total[i] + LAST_DIGIT / 2).sort()
  // How many edges lie below what falls in a bin; where an edge lies within it (-1), that is counted one by one.
  const bins = Int8Array.from({ length: BINS + 1 }, (_, bin) => {
    const [from, to] = [count(edges, (bin * field.out_of) / BINS), count(edges, ((bin + 1) * field.out_of) / BINS)]
    return from === to ? from : -1
  })
  const above = new Float64Array(edges.length + 1), scale = BINS / field.out_of
  const least = edges[0] ?? Infinity
  for (let i = 0; i < n; i++) {
    const t = total[i]
    if (t > least && flags[i] === SHOWN) {
      const below = bins[(t * scale) | 0]
      above[below < 0 ? count(edges, t) : below]++
    }
  }
  for (let k = edges.length - 1; k > 0; k--) above[k] += above[k + 1]
  return places.map((i) => (has(i) ? 1 + above[count(edges, total[i] + LAST_DIGIT / 2) + 1] : null))
}

// How many of the sorted numbers lie below a value.
function count(edges, value) {
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

// What ranks are looked up in later: the totals of those that had one after the last weighing, and how it weighed.
export function remember(field, weights, how) {
  const totals = field.total.filter((t, i) => t === t && field.flags[i] === SHOWN).sort()
  return { totals, weights: { ...weights }, how }
}

// The rank that a subject had among what was remembered; null for one without.
export function rankThen(field, then, i) {
  const { total } = one(field, i, then.weights, then.how)
  if (total !== total || field.flags[i] !== SHOWN) return null
  return 1 + then.totals.length - count(then.totals, total + LAST_DIGIT / 2)
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
