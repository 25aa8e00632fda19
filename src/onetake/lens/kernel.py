"""The glass inside the compiled judge: blur, picture place and head size of one lane.

Functions of single floats (f32-safe: no bare literals, no branches); points are tuples of three floats in camera
axes right-down-forward with their origin at the entrance pupil. focus.py and framing.py say the same on arrays.
"""

from __future__ import annotations

from onetake.kernel import HALF, ONE, TINY, ZERO, F, dot, lane, length

NEAR_M = F(0.001)  # nothing is imaged nearer than this; it keeps a point beside or behind the lens finite
BEHIND = F(1e6)  # where picture() puts what the lens cannot see, and what is not a number: never in frame


@lane
def before_pupil(point_plane_m, pupil_offset_m):
    """A point given from the image plane, as seen from the entrance pupil."""
    return point_plane_m[0], point_plane_m[1], point_plane_m[2] - pupil_offset_m


@lane
def image_distance_m(focus_pupil_m, focal_m):
    """Lens to picture, focused at a distance from the pupil: v = f s / (s - f)."""
    return focal_m * focus_pupil_m / (focus_pupil_m - focal_m)


@lane
def breathing_distance_m(focus_pupil_m, focal_m, breathing):
    """What stands for v in the picture's angle when the lens breathes less than a thin one."""
    return focal_m + breathing * (image_distance_m(focus_pupil_m, focal_m) - focal_m)


@lane
def blur_m(distance_pupil_m, focus_pupil_m, focal_m, f_number):
    """Diameter on the sensor of the disc that a point becomes: (f²/N) |d - s| / (d (s - f))."""
    seen_m = distance_pupil_m if distance_pupil_m > NEAR_M else NEAR_M
    return (focal_m * focal_m / f_number) * abs(seen_m - focus_pupil_m) / (seen_m * (focus_pupil_m - focal_m))


@lane
def racked_focus_m(start_pupil_m, end_pupil_m, share, focal_m):
    """Focus when the dial has gone `share` (0 to 1) of its way: the lens's extension f²/(s - f) follows the dial."""
    start, end = ONE / (start_pupil_m - focal_m), ONE / (end_pupil_m - focal_m)
    return focal_m + ONE / (start + share * (end - start) + TINY)


@lane
def picture(point_pupil_m, image_m, half_width_m, half_height_m):
    """(x, y) in the picture, ±1 at its edges, x to the right and y down; BEHIND if not ahead of the lens or undefined."""
    ahead = point_pupil_m[2] > NEAR_M
    depth_m = point_pupil_m[2] if ahead else NEAR_M
    x = point_pupil_m[0] * image_m / (depth_m * half_width_m) if ahead else BEHIND
    y = point_pupil_m[1] * image_m / (depth_m * half_height_m) if ahead else BEHIND
    return x if abs(x) < BEHIND else BEHIND, y if abs(y) < BEHIND else BEHIND


@lane
def height_share(size_m, depth_pupil_m, image_m, half_height_m):
    """Size of something that stands across the picture, over the picture's height; 0 when not ahead of the lens."""
    ahead = depth_pupil_m > NEAR_M
    depth_m = depth_pupil_m if ahead else NEAR_M
    share = size_m * image_m / (depth_m * (half_height_m + half_height_m))
    return share if ahead else ZERO


@lane
def edge_margin(x, y, reach_x, reach_y, border):
    """Room left between something of half-extent (reach_x, reach_y) and the border; negative when it is cut."""
    across = ONE - border - reach_x - abs(x)
    up_down = ONE - border - reach_y - abs(y)
    return HALF * (across + up_down - abs(across - up_down))  # the lesser, and undefined if either is


@lane
def facing_cosine(face, eyes_pupil_m):
    """Cosine of the angle between where the face looks and the line from its eyes to the lens: 1 is into it."""
    return -dot(face, eyes_pupil_m) / (length(face) * length(eyes_pupil_m) + TINY)
